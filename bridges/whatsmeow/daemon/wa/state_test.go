package wa

import (
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

func TestEveryWordOfTheConnectionHasItsState(t *testing.T) {
	for name, test := range map[string]struct {
		event   any
		state   domain.State
		stop    bool
		message string
	}{
		"connected":        {&events.Connected{}, domain.Ready, false, ""},
		"alive again":      {&events.KeepAliveRestored{}, domain.Ready, false, ""},
		"catching up":      {&events.OfflineSyncPreview{Total: 3}, domain.Syncing, false, ""},
		"caught up":        {&events.OfflineSyncCompleted{Count: 3}, domain.Ready, false, ""},
		"paired":           {&events.PairSuccess{}, domain.Connecting, false, ""},
		"not paired":       {&events.PairError{}, domain.Unlinked, true, "try again"},
		"closed":           {&events.Disconnected{}, domain.Connecting, false, "closed"},
		"silent":           {&events.KeepAliveTimeout{}, domain.Degraded, false, "answer"},
		"440":              {&events.StreamReplaced{}, domain.Replaced, true, "Another program"},
		"401":              {&events.LoggedOut{Reason: events.ConnectFailureLoggedOut}, domain.LoggedOut, true, "removed"},
		"401 while linked": {&events.LoggedOut{}, domain.LoggedOut, true, "removed"},
		"403":              {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureMainDeviceGone}, domain.Restricted, true, "restricted"},
		"406":              {&events.LoggedOut{OnConnect: true, Reason: events.ConnectFailureUnknownLogout}, domain.Restricted, true, "restricted"},
		"402":              {&events.TemporaryBan{Code: 101, Expire: time.Hour}, domain.Restricted, true, "until 2025-10-09T09:53:20Z (code 101)"},
		"405":              {&events.ClientOutdated{}, domain.Outdated, true, "version"},
		"409":              {&events.ConnectFailure{Reason: events.ConnectFailureBadUserAgent, Message: "private words"}, domain.Down, true, "code 409"},
		"another end":      {&events.StreamError{Code: "private words"}, domain.Connecting, false, "error"},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := changeOf(test.event, moment)
			if !ok || got.state != test.state || got.stop != test.stop || !strings.Contains(got.message, test.message) {
				t.Errorf("got %+v", got)
			}
			if strings.Contains(got.message, "private") {
				t.Error("the message says what others wrote")
			}
		})
	}
	for _, event := range []any{&events.OfflineSyncPreview{}, &events.Message{}, &events.PushName{}, nil} {
		if got, ok := changeOf(event, moment); ok {
			t.Errorf("%T means %+v", event, got)
		}
	}
}
