"""The emulator's HTTP side: routes, the gateway's checks, faults and the control API."""
