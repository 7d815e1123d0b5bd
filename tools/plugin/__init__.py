"""The archives of the plugin that the engine downloads from a package's `pluginDownloadURL`."""
