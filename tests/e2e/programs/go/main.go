package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/pulumi-adobe-aep/sdk/go/adobeaep"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		description := settings.Get("description")
		if description == "" {
			description = "from Go"
		}
		crm, err := adobeaep.NewPostgresBaseConnection(ctx, "crm", &adobeaep.PostgresBaseConnectionArgs{
			Description: pulumi.String(description),
			Auth: &adobeaep.PostgresBaseConnectionAuthArgs{
				Server:     pulumi.String("db.example.com"),
				Database:   pulumi.String("crm"),
				Username:   pulumi.String("aep_reader"),
				Password:   settings.RequireSecret("password"),
				Encryption: adobeaep.PostgresBaseConnectionAuthEncryptionVerify,
			},
		})
		if err != nil {
			return err
		}
		_, err = adobeaep.NewPostgresBaseConnection(ctx, "from-env", &adobeaep.PostgresBaseConnectionArgs{
			Auth: &adobeaep.PostgresBaseConnectionAuthArgs{
				Server:   pulumi.String("db"),
				Database: pulumi.String("crm"),
				Username: pulumi.String("r"),
				Password: &adobeaep.SecretFromEnvArgs{FromEnv: pulumi.String("CRM_PASSWORD")},
			},
		}, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "1m"}))
		if err != nil {
			return err
		}
		ctx.Export("connectionId", crm.ConnectionId)
		ctx.Export("server", crm.Auth.Server())
		return nil
	})
}
