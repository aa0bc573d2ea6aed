package main

import (
	"context"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/http"
	"whatsapp-hybrid-mcp/wa-bridge/wa"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// communityInput names the community that is asked about.
type communityInput struct {
	JID domain.JID `json:"community_jid"`
}

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
			JID domain.JID `json:"jid"`
		}) (translate.Profile, error) {
			return bridge.BusinessProfile(ctx, string(input.JID))
		}),
		"connection.devices": http.Define(func(ctx context.Context, _ struct{}) (wa.DevicesOutput, error) {
			return bridge.LinkedDevices(ctx)
		}),
		"contacts.check": http.Define(func(ctx context.Context, input struct {
			Phones []string `json:"phones"`
		}) (wa.NumbersOutput, error) {
			return bridge.CheckContacts(ctx, input.Phones)
		}),
		"contacts.picture": http.Define(func(ctx context.Context, input struct {
			JID  domain.JID `json:"jid"`
			Size string     `json:"size"`
		}) (translate.Picture, error) {
			return bridge.ContactPicture(ctx, string(input.JID), input.Size)
		}),
		"contacts.about": http.Define(func(ctx context.Context, input struct {
			JID domain.JID `json:"jid"`
		}) (translate.About, error) {
			return bridge.ContactAbout(ctx, string(input.JID))
		}),
		"contacts.blocked": http.Define(func(ctx context.Context, _ struct{}) (wa.BlockedOutput, error) {
			return bridge.BlockedContacts(ctx)
		}),
		"communities.list": http.Define(func(ctx context.Context, _ struct{}) (wa.CommunitiesOutput, error) {
			return bridge.Communities(ctx)
		}),
		"communities.groups": http.Define(func(ctx context.Context, input communityInput) (wa.CommunityGroupsOutput, error) {
			return bridge.CommunityGroups(ctx, string(input.JID))
		}),
		"communities.members": http.Define(func(ctx context.Context, input communityInput) (wa.CommunityMembersOutput, error) {
			return bridge.CommunityMembers(ctx, string(input.JID))
		}),
		"history.page": http.Define(func(ctx context.Context, input struct {
			ChatJID domain.JID     `json:"chat_jid"`
			Before  *wa.PlaceInput `json:"before"`
			Count   int            `json:"count"`
		}) (wa.PageOutput, error) {
			return bridge.HistoryPage(ctx, string(input.ChatJID), input.Before, input.Count)
		}),
		"connection.logout": http.Define(func(ctx context.Context, _ struct{}) (wa.LogoutOutput, error) {
			return bridge.Logout(ctx)
		}),
	}
}
