//go:build simulator

package main

import (
	"context"
	"errors"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// order is one line of stdin. Target is the id of the message that the order is about and Author the sender of that
// message; an empty Author means this account.
type order struct {
	Do      string   `json:"do"`
	Chat    string   `json:"chat"`
	ID      string   `json:"id"`
	Text    string   `json:"text"`
	Target  string   `json:"target"`
	Author  string   `json:"author"`
	Options []string `json:"options"`
}

// obey carries out one order and returns the library's result.
func (w *writer) obey(ctx context.Context, one order) (whatsmeow.SendResponse, error) {
	none := whatsmeow.SendResponse{}
	chat, err := types.ParseJID(one.Chat)
	if err != nil {
		return none, err
	}
	author, err := w.authorOf(one, chat)
	if err != nil {
		return none, err
	}
	if one.Do == "read" {
		return whatsmeow.SendResponse{ID: one.Target}, w.MarkRead(ctx, []types.MessageID{one.Target}, time.Now(), chat, author)
	}
	message, err := w.messageOf(ctx, one, chat, author)
	if err != nil {
		return none, err
	}
	return w.SendMessage(ctx, chat, message, whatsmeow.SendRequestExtra{ID: one.ID})
}

// authorOf returns the author of the target. In a group this account appears under its LID.
func (w *writer) authorOf(one order, chat types.JID) (types.JID, error) {
	if one.Author != "" {
		return types.ParseJID(one.Author)
	}
	if chat.Server == types.DefaultUserServer {
		return w.Store.GetJID().ToNonAD(), nil
	}
	return w.Store.GetLID().ToNonAD(), nil
}

func (w *writer) messageOf(ctx context.Context, one order, chat, author types.JID) (*waE2E.Message, error) {
	text := &waE2E.Message{Conversation: proto.String(one.Text)}
	switch one.Do {
	case "text":
		return text, nil
	case "edit":
		return w.BuildEdit(chat, one.Target, text), nil
	case "revoke":
		return w.BuildRevoke(chat, author, one.Target), nil
	case "react":
		return w.BuildReaction(chat, author, one.Target, one.Text), nil
	case "poll":
		return w.BuildPollCreation(one.Text, one.Options, 1), nil
	case "vote":
		source := types.MessageSource{Chat: chat, Sender: author, IsFromMe: one.Author == "", IsGroup: chat.Server == types.GroupServer}
		return w.BuildPollVote(ctx, &types.MessageInfo{MessageSource: source, ID: one.Target}, one.Options)
	}
	return nil, errors.New("nothing that this device can do")
}
