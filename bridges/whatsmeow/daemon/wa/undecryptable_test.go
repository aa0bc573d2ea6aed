package wa

import (
	"context"
	"errors"
	"testing"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

func unreadable(id string, change func(*events.UndecryptableMessage)) *events.UndecryptableMessage {
	evt := &events.UndecryptableMessage{Info: types.MessageInfo{ID: id, MessageSource: types.MessageSource{Chat: adaPN, Sender: adaPN}}}
	if change != nil {
		change(evt)
	}
	return evt
}

func TestAMessageThatComesAfterAllIsNoGap(t *testing.T) {
	d := newDesk()
	note := func(evt *events.UndecryptableMessage) { d.receive(context.Background(), &fakeDevice{}, evt) }
	note(unreadable("M1", nil))
	note(unreadable("M1", nil)) // WhatsApp delivers it again, still undecryptable
	note(unreadable("M2", nil))
	note(unreadable("SEEN ON THE PHONE ONLY", func(evt *events.UndecryptableMessage) {
		evt.IsUnavailable, evt.UnavailableType = true, events.UnavailableTypeViewOnce
	}))
	note(unreadable("NOTHING TO SEE", func(evt *events.UndecryptableMessage) { evt.DecryptFailMode = events.DecryptFailHide }))
	note(unreadable("A STATUS", func(evt *events.UndecryptableMessage) { evt.Info.Chat = types.StatusBroadcastJID }))
	if d.undecryptable.count() != 2 || len(d.gapIDs) != 2 {
		t.Errorf("%d gaps, noted %v", d.undecryptable.count(), d.gapIDs)
	}
	d.failure = errors.New("disk full")
	d.receive(context.Background(), &fakeDevice{}, from(adaPN, words("after all")))
	if d.undecryptable.count() != 2 {
		t.Error("it is healed before the message is stored")
	}
	d.failure = nil
	d.receive(context.Background(), &fakeDevice{}, from(adaPN, words("after all")))
	if d.undecryptable.count() != 1 || len(d.healed) != 1 {
		t.Errorf("%d gaps afterwards, healed %v", d.undecryptable.count(), d.healed)
	}
}

func TestGapsAreKnownAfterARestartAndHealedByWhoeverBringsTheMessage(t *testing.T) {
	b := newBed(t, own, nil)
	for _, id := range []string{"M1", "M2"} {
		b.fake().hooks.Handle(unreadable(id, nil))
	}
	again, err := New(context.Background(), b.devices, b.Settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(again.Close)
	if gaps := again.Status().Gaps; gaps != 2 {
		t.Errorf("%d gaps after a restart", gaps)
	}
	if _, err := b.Store.Write(b.receiver.context().Live(from(adaPN, words("by the other bridge")))); err != nil {
		t.Fatal(err)
	}
	if wait := again.writeHistory(context.Background()); wait != pollInterval || again.Status().Gaps != 1 {
		t.Errorf("%d gaps, looks again in %s", again.Status().Gaps, wait)
	}
}
