//go:build !simulator

package main

import (
	"context"
	"flag"

	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

// simulatorFlag adds nothing: this build knows no other WhatsApp than WhatsApp.
func simulatorFlag(*flag.FlagSet, *string) {}

func useSimulator(context.Context, string, *device.Settings) (world, error) { return world{}, nil }
