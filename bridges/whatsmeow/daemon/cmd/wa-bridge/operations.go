package main

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// operations are what this program can do; their names and shapes are those of the port (bridges/operations).
func operations(bridge *wa.Bridge) http.Operations {
	return http.Operations{
		"connection.pair": http.Define(bridge.Pair),
		"connection.pairing_status": http.Define(func(context.Context, struct{}) (wa.PairOutput, error) {
			return bridge.PairingStatus(), nil
		}),
		"connection.cancel_pairing": http.Define(func(context.Context, struct{}) (wa.StateOutput, error) {
			return bridge.CancelPairing(), nil
		}),
		"business.profile": http.Define(func(ctx context.Context, input struct {
			JID http.JID `json:"jid"`
		}) (translate.Profile, error) {
			return bridge.BusinessProfile(ctx, string(input.JID))
		}),
		"connection.logout": http.Define(func(ctx context.Context, _ struct{}) (wa.LogoutOutput, error) {
			return bridge.Logout(ctx)
		}),
	}
}
