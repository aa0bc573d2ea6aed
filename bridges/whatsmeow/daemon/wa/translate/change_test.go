package translate

import (
	"crypto/sha256"
	"testing"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waWeb"
	"google.golang.org/protobuf/proto"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// of returns a wire message with this content, in Ada's chat unless changed.
func of(message *waE2E.Message, change func(*waWeb.WebMessageInfo)) *waWeb.WebMessageInfo {
	return past("M", func(info *waWeb.WebMessageInfo) {
		info.Message = message
		if change != nil {
			change(info)
		}
	}).Message
}

func inCrew(participant string) func(*waWeb.WebMessageInfo) {
	return func(info *waWeb.WebMessageInfo) {
		info.Key.RemoteJID, info.Key.Participant = proto.String(team), pointing(participant)
	}
}

func protocol(kind waE2E.ProtocolMessage_Type, target string, edited *waE2E.Message) *waE2E.Message {
	return &waE2E.Message{ProtocolMessage: &waE2E.ProtocolMessage{Type: &kind, Key: &waCommon.MessageKey{ID: pointing(target)}, EditedMessage: edited}}
}

func reaction(target, text string, at int64) *waE2E.Message {
	return &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{Key: &waCommon.MessageKey{ID: pointing(target)}, Text: &text, SenderTimestampMS: pointing(at)}}
}

func TestAWireMessageChangesAnotherOneOnlyWhenItSaysWhichAndWho(t *testing.T) {
	const edit, revoke = waE2E.ProtocolMessage_MESSAGE_EDIT, waE2E.ProtocolMessage_REVOKE
	caption := &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String("caption")}}
	change := func(chat, kind, actor, at, value string) string {
		return `[{"chatJid":"` + chat + `","messageId":"T","kind":"` + kind + `","actor":"` + actor + `","at":` + at + `,"value":"` + value + `"}]`
	}
	timeless := func(info *waWeb.WebMessageInfo) { info.MessageTimestamp = nil }
	for name, test := range map[string]struct {
		info *waWeb.WebMessageInfo
		want string
	}{
		"a reaction":                      {of(reaction("T", "👍", 1_760_000_007_001), nil), change(ada, "reaction", ada, "1760000007001", "👍")},
		"a reaction without its time":     {of(reaction("T", "👍", 0), nil), change(ada, "reaction", ada, "1760000005000", "👍")},
		"a reaction without any time":     {of(reaction("T", "", 0), timeless), change(ada, "reaction", ada, "1760000000000", "")},
		"a reaction to nothing":           {of(reaction("", "👍", 0), nil), "null"},
		"a reaction of nobody in a group": {of(reaction("T", "👍", 0), inCrew("")), "null"},
		"a reaction in a group":           {of(reaction("T", "👍", 0), inCrew(adaID)), change(team, "reaction", adaID, "1760000005000", "👍")},
		"a reaction to a story":           {of(reaction("T", "👍", 0), func(info *waWeb.WebMessageInfo) { info.Key.RemoteJID = proto.String("status@broadcast") }), "null"},
		"an own reaction":                 {of(reaction("T", "👍", 0), func(info *waWeb.WebMessageInfo) { info.Key.FromMe = proto.Bool(true) }), change(ada, "reaction", us.Me.JID, "1760000005000", "👍")},
		"a revoke":                        {of(protocol(revoke, "T", nil), nil), change(ada, "revoke", ada, "1760000005000", "")},
		"a revoke of nothing":             {of(protocol(revoke, "", nil), nil), "null"},
		"a revoke by an admin":            {of(protocol(revoke, "T", nil), inCrew(ben)), change(team, "revoke", ben, "1760000005000", "")},
		"an edit":                         {of(protocol(edit, "T", said1("new")), nil), change(ada, "edit", ada, "1760000005000", "new")},
		"an edit of a caption":            {of(protocol(edit, "T", caption), nil), change(ada, "edit", ada, "1760000005000", "caption")},
		"an edit to what shows nothing":   {of(protocol(edit, "T", &waE2E.Message{}), nil), change(ada, "edit", ada, "1760000005000", "")},
		"an edit without the new text":    {of(protocol(edit, "T", nil), nil), "null"},
		"an edited text of another kind":  {of(protocol(waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION, "T", said1("new")), nil), "null"},
		"an envelope around a reaction":   {of(&waE2E.Message{EphemeralMessage: &waE2E.FutureProofMessage{Message: reaction("T", "👍", 0)}}, nil), change(ada, "reaction", ada, "1760000005000", "👍")},
	} {
		t.Run(name, func(t *testing.T) {
			row, changes := us.Message(test.info)
			if got := domain.JSON(changes); got != test.want || row != nil {
				t.Errorf("row %v\n  got  %s\n  want %s", row, got, test.want)
			}
		})
	}
}

func TestWhatIsAttachedToAMessageIsToldWithItsAuthor(t *testing.T) {
	tea := sha256.Sum256([]byte("tea"))
	pollOf := func(updates ...*waWeb.PollUpdate) *waWeb.WebMessageInfo {
		return of(&waE2E.Message{PollCreationMessage: &waE2E.PollCreationMessage{Name: proto.String("?"), Options: []*waE2E.PollCreationMessage_Option{{OptionName: proto.String("tea")}}}},
			func(info *waWeb.WebMessageInfo) { info.PollUpdates = updates })
	}
	vote := &waE2E.PollVoteMessage{SelectedOptions: [][]byte{tea[:]}}
	key := func(fromMe bool, participant string) *waCommon.MessageKey {
		return &waCommon.MessageKey{FromMe: &fromMe, Participant: pointing(participant)}
	}
	seen := func(delivered, read, played int64) *waWeb.WebMessageInfo {
		return of(said1("x"), func(info *waWeb.WebMessageInfo) {
			info.UserReceipt = []*waWeb.UserReceipt{{UserJID: proto.String(ben), ReceiptTimestamp: pointing(delivered), ReadTimestamp: pointing(read), PlayedTimestamp: pointing(played)}}
		})
	}
	for name, test := range map[string]struct {
		info *waWeb.WebMessageInfo
		want []string
	}{
		"a vote":                {pollOf(&waWeb.PollUpdate{PollUpdateMessageKey: key(false, ""), Vote: vote, SenderTimestampMS: proto.Int64(7)}), []string{"vote " + ada + ` 7 ["tea"]`}},
		"an own vote, timeless": {pollOf(&waWeb.PollUpdate{PollUpdateMessageKey: key(true, ""), Vote: vote}), []string{"vote " + us.Me.JID + ` 1760000005000 ["tea"]`}},
		"a vote taken back":     {pollOf(&waWeb.PollUpdate{PollUpdateMessageKey: key(false, ""), Vote: &waE2E.PollVoteMessage{}}), []string{"vote " + ada + " 1760000005000 []"}},
		"a vote of nobody":      {pollOf(&waWeb.PollUpdate{Vote: vote}), nil},
		"a vote without choice": {pollOf(&waWeb.PollUpdate{PollUpdateMessageKey: key(false, "")}), nil},
		"a vote on a text": {of(said1("x"), func(info *waWeb.WebMessageInfo) {
			info.PollUpdates = []*waWeb.PollUpdate{{PollUpdateMessageKey: key(false, ""), Vote: vote}}
		}), nil},
		"a vote on nothing": {of(&waE2E.Message{}, func(info *waWeb.WebMessageInfo) {
			info.PollUpdates = []*waWeb.PollUpdate{{PollUpdateMessageKey: key(false, ""), Vote: vote}}
		}), nil},
		"reactions": {of(said1("x"), func(info *waWeb.WebMessageInfo) {
			inCrew(ada)(info)
			info.Reactions = []*waWeb.Reaction{{Key: key(false, ben), Text: proto.String("👍")}, {Key: key(false, ""), Text: proto.String("?")}, {Text: proto.String("?")},
				{Key: key(true, ""), Text: proto.String("👀"), SenderTimestampMS: proto.Int64(9)}}
		}), []string{"reaction " + ben + " 1760000005000 👍", "reaction " + us.Me.JID + " 9 👀"}},
		"delivered":       {seen(10, 0, 0), []string{"receipt " + ben + " 10003 delivered"}},
		"read":            {seen(10, 11, 0), []string{"receipt " + ben + " 11004 read"}},
		"played":          {seen(10, 11, 12), []string{"receipt " + ben + " 12005 played"}},
		"nothing reached": {seen(0, 0, 0), nil},
		"without its id": {of(said1("x"), func(info *waWeb.WebMessageInfo) {
			info.Key.ID = nil
			info.Reactions = []*waWeb.Reaction{{Key: key(false, ""), Text: proto.String("👍")}}
		}), nil},
		"in an own message": {of(said1("x"), func(info *waWeb.WebMessageInfo) {
			info.Reactions = []*waWeb.Reaction{{Key: key(false, ben), Text: proto.String("👍")}}
		}), []string{"reaction " + ada + " 1760000005000 👍"}},
		"to an own list": {of(said1("x"), func(info *waWeb.WebMessageInfo) {
			info.Key.RemoteJID, info.Key.FromMe = proto.String("1600000000@broadcast"), proto.Bool(true)
			info.Reactions = []*waWeb.Reaction{{Key: key(false, ben), Text: proto.String("👍")}}
		}), []string{"reaction " + ben + " 1760000005000 👍"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, changes := us.Message(test.info)
			var got []string
			for _, one := range changes {
				got = append(got, one.Kind+" "+one.Actor+" "+domain.JSON(one.At)+" "+one.Value)
			}
			if domain.JSON(got) != domain.JSON(test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAStateOfDeliveryThatNobodyKnowsIsNone(t *testing.T) {
	for status, want := range map[int32]string{-1: "", 0: "failed", 1: "queued", 2: "server", 3: "delivered", 4: "read", 5: "played", 6: "", 1 << 30: ""} {
		if got := deliveryOf(status); got != want {
			t.Errorf("%d is %q", status, got)
		}
	}
	if receiptTime(0, "read", 5) != 5 || receiptTime(-1, "read", 5) != 5 || receiptTime(2, "failed", 5) != 2000 {
		t.Error("a receipt without a time has another one than the message")
	}
}
