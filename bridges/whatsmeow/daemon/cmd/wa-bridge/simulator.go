//go:build simulator

package main

import (
	"context"
	"flag"

	"go.mau.fi/whatsmeow"

	"whatsapp-hybrid-mcp/wa-bridge/simulation"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
)

func simulatorFlag(flags *flag.FlagSet, into *string) {
	flags.StringVar(into, "simulator", "", "URL of the document of a simulated WhatsApp on this machine")
}

// useSimulator connects this process to a simulated WhatsApp when a URL is given.
func useSimulator(ctx context.Context, from string, settings *device.Settings) (environment, error) {
	if from == "" {
		return environment{}, nil
	}
	way, err := simulation.Enter(ctx, from)
	if err != nil {
		return environment{}, err
	}
	settings.Configure = func(made *whatsmeow.Client) { simulation.Lead(made, way) }
	return environment{http: way, simulated: true}, nil
}
