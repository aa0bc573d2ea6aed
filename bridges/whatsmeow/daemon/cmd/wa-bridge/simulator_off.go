//go:build !simulator

package main

import (
	"context"
	"flag"

	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

// simulatorFlag adds no flag: this build connects to the real WhatsApp only.
func simulatorFlag(*flag.FlagSet, *string) {}

func useSimulator(context.Context, string, *device.Settings) (environment, error) {
	return environment{}, nil
}
