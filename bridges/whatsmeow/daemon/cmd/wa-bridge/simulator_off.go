//go:build !simulator

package main

import (
	"context"
	"flag"

	"whatsapp-hybrid-mcp/wa-bridge/wa"
)

// simulatorFlag adds nothing: this build knows no other WhatsApp than WhatsApp.
func simulatorFlag(*flag.FlagSet, *string) {}

func useSimulator(context.Context, string, *wa.DeviceSettings) (world, error) { return world{}, nil }
