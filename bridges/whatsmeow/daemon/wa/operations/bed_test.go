package operations

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

var (
	own    = types.JID{User: "15550100000", Device: 4, Server: types.DefaultUserServer}
	ownLID = types.JID{User: "20000000000000", Device: 4, Server: types.HiddenUserServer}
	adaPN  = types.NewJID("15550100001", types.DefaultUserServer)
	adaLID = types.NewJID("20000000000002", types.HiddenUserServer)
	crew   = types.NewJID("120363000000000001", types.GroupServer)

	errNotLinked    = domain.Errorf(domain.NotLinked, "No phone is linked.")
	errNotConnected = domain.Errorf(domain.BridgeUnavailable, "There is no connection.")
)

type nodes = []binary.Node

// fakeAccount is a linked account whose WhatsApp returns the given answers in order and then repeats the last one.
type fakeAccount struct {
	notReady error
	answers  []any
	token    []byte
	full     bool
	asked    []string
	stored   []translate.DescribedGroup
}

func (f *fakeAccount) AssertReady() error  { return f.notReady }
func (f *fakeAccount) Asker() device.Asker { return f }
func (f *fakeAccount) ID() types.JID       { return own }
func (f *fakeAccount) RequestID() string   { return "1.2-3" }
func (f *fakeAccount) Platform() string    { return "android" }
func (f *fakeAccount) Account() domain.Account {
	return domain.Account{JID: own.ToNonAD().String(), LID: ownLID.ToNonAD().String()}
}

func (f *fakeAccount) Ask(_ context.Context, question whatsmeow.DangerousInfoQuery) (*binary.Node, error) {
	f.asked = append(f.asked, fmt.Sprintf("ask %s %s %s", question.Namespace, question.Target, question.Content))
	next := f.answers[0]
	if len(f.answers) > 1 {
		f.answers = f.answers[1:]
	}
	if err, ok := next.(error); ok {
		return nil, err
	}
	return next.(*binary.Node), nil
}

func (f *fakeAccount) TrustToken(_ context.Context, jid types.JID) []byte {
	f.asked = append(f.asked, "token of "+jid.String())
	return f.token
}

func (f *fakeAccount) NumberOf(_ context.Context, lid types.JID) types.JID {
	if lid == adaLID {
		return adaPN
	}
	return types.EmptyJID
}

func (f *fakeAccount) StoreCommunities(joined []translate.DescribedGroup) bool {
	f.stored = append(f.stored, joined...)
	return !f.full
}

// reply is an answer with this content.
func reply(content ...binary.Node) *binary.Node { return &binary.Node{Tag: "iq", Content: content} }

func codeOf(err error) domain.Code {
	var failure *domain.Error
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}
