package operations

import (
	"context"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func TestBusiness_profile(t *testing.T) {
	answer := &binary.Node{Tag: "iq",
		Content: []binary.Node{{Tag: "business_profile", Content: []binary.Node{{Tag: "profile"}}}}}
	for name, test := range map[string]struct {
		notReady error
		jid      string
		err      error
		want     domain.Code
		isThere  bool
	}{
		"a business": {nil, adaPN.String(), nil, "", true},
		"a person":   {nil, adaPN.String(), whatsmeow.ErrIQNotFound, "", false},
		"too often":  {nil, adaPN.String(), &whatsmeow.IQError{Code: 429}, domain.RateLimited, false},
		"refused": {nil, adaPN.String(), &whatsmeow.IQError{Code: 403, Text: "private words"},
			domain.UpstreamRejected, false},
		"no answer":     {nil, adaPN.String(), whatsmeow.ErrIQTimedOut, domain.UpstreamUnanswered, false},
		"not in time":   {nil, adaPN.String(), context.DeadlineExceeded, domain.UpstreamUnanswered, false},
		"lost":          {nil, adaPN.String(), whatsmeow.ErrIQDisconnected, domain.BridgeUnavailable, false},
		"not connected": {errNotConnected, adaPN.String(), nil, domain.BridgeUnavailable, false},
		"not linked":    {errNotLinked, adaPN.String(), nil, domain.NotLinked, false},
		"a group":       {nil, crew.String(), nil, domain.InvalidInput, false},
		"no address":    {nil, "", nil, domain.InvalidInput, false},
	} {
		t.Run(name, func(t *testing.T) {
			account := &fakeAccount{notReady: test.notReady, answers: []any{answer}}
			if test.err != nil {
				account.answers = []any{test.err}
			}
			profile, err := business{account}.profile(context.Background(), personInput{domain.JID(test.jid)})
			if codeOf(err) != test.want || err != nil && test.want == "" || profile.IsBusiness != test.isThere {
				t.Errorf("got %+v, %v", profile, err)
			}
		})
	}
}

func TestBusiness_profile_by_number(t *testing.T) {
	for jid, want := range map[types.JID]types.JID{adaPN: adaPN, adaLID: adaPN, ownLID.ToNonAD(): ownLID.ToNonAD()} {
		account := &fakeAccount{answers: []any{reply()}}
		_, _ = business{account}.profile(context.Background(), personInput{domain.JID(jid.String())})
		if asked := strings.Join(account.asked, "\n"); !strings.Contains(asked, want.String()) {
			t.Errorf("about %s: %s", jid, asked)
		}
	}
}
