package wa

import (
	"context"
	"errors"
	"testing"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func TestABusinessIsAskedAboutOnlyWhereThatCanBeAnswered(t *testing.T) {
	answer := &binary.Node{Tag: "iq", Content: []binary.Node{{Tag: "business_profile", Content: []binary.Node{{Tag: "profile"}}}}}
	for name, test := range map[string]struct {
		linked  types.JID
		state   domain.State
		jid     string
		err     error
		want    domain.Code
		isThere bool
	}{
		"a business":    {own, domain.Ready, adaPN.String(), nil, "", true},
		"a person":      {own, domain.Ready, adaPN.String(), whatsmeow.ErrIQNotFound, "", false},
		"too often":     {own, domain.Syncing, adaPN.String(), &whatsmeow.IQError{Code: 429}, domain.RateLimited, false},
		"refused":       {own, domain.Ready, adaPN.String(), &whatsmeow.IQError{Code: 403, Text: "private words"}, domain.UpstreamRejected, false},
		"no answer":     {own, domain.Ready, adaPN.String(), whatsmeow.ErrIQTimedOut, domain.UpstreamUnanswered, false},
		"not in time":   {own, domain.Ready, adaPN.String(), context.DeadlineExceeded, domain.UpstreamUnanswered, false},
		"lost":          {own, domain.Ready, adaPN.String(), whatsmeow.ErrIQDisconnected, domain.BridgeUnavailable, false},
		"not connected": {own, domain.Connecting, adaPN.String(), nil, domain.BridgeUnavailable, false},
		"not linked":    {types.EmptyJID, domain.Unlinked, adaPN.String(), nil, domain.NotLinked, false},
		"a group":       {own, domain.Ready, crew.String(), nil, domain.InvalidInput, false},
		"nobody":        {own, domain.Ready, "", nil, domain.InvalidInput, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t, test.linked, func(f *fakeDevice) {
				f.onAsk = func() (*binary.Node, error) { return answer, test.err }
			})
			b.set(test.state, "")
			profile, err := b.BusinessProfile(context.Background(), test.jid)
			if codeOf(err) != test.want || err != nil && test.want == "" || profile.IsBusiness != test.isThere {
				t.Errorf("got %+v, %v", profile, err)
			}
		})
	}
	if other := errors.New("a defect"); !errors.Is(askFailure(other, "answer"), other) {
		t.Error("a defect is called something else")
	}
}
