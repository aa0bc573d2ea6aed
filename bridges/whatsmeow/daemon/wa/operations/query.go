// Package operations implements the operations that bridges/operations defines, one file for each noun.
package operations

import (
	"context"
	"errors"
	"net/http"

	"go.mau.fi/whatsmeow"
	binary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
	"whatsapp-hybrid-mcp/wa-bridge/wa/device"
	"whatsapp-hybrid-mcp/wa-bridge/wa/translate"
)

// Linked is a linked device that can query WhatsApp.
type Linked interface {
	// AssertReady fails with not_linked or bridge_unavailable while WhatsApp cannot be queried.
	AssertReady() error
	Asker() device.Asker
}

// server queries WhatsApp's server.
type server struct{ Linked }

// ask sends one query. Errors have one of our codes and wrap the library's error.
func (s server) ask(ctx context.Context, what string, question whatsmeow.DangerousInfoQuery) (*binary.Node, error) {
	if err := s.AssertReady(); err != nil {
		return nil, err
	}
	question.Type, question.To, question.Timeout = "get", types.ServerJID, domain.AnswerTimeout
	answer, err := s.Asker().Ask(ctx, question)
	failure := device.QueryError(err, what)
	var ours *domain.Error
	if errors.As(failure, &ours) && ours.Cause == nil {
		ours.Cause = err
	}
	return answer, failure
}

// askPeople queries the given protocols for each user and returns one node for each user.
func (s server) askPeople(ctx context.Context, what string, users []binary.Node,
	protocols ...binary.Node) ([]binary.Node, error) {
	head := binary.Attrs{"sid": s.Asker().RequestID(), "mode": "query", "last": "true", "index": "0",
		"context": "interactive"}
	query := []binary.Node{{Tag: "query", Content: protocols}, {Tag: "list", Content: users}}
	answer, err := s.ask(ctx, what, whatsmeow.DangerousInfoQuery{Namespace: "usync",
		Content: []binary.Node{{Tag: "usync", Attrs: head, Content: query}}})
	if err != nil {
		return nil, err
	}
	code := translate.RefusalIn(answer)
	if code == http.StatusTooManyRequests {
		return nil, domain.Errorf(domain.RateLimited, "WhatsApp answers no more questions for %s for now.", what)
	}
	found, answered := translate.UsersIn(answer)
	if code != 0 || !answered {
		return nil, unanswered(what)
	}
	return found, nil
}

func unanswered(what string) error {
	return domain.Errorf(domain.UpstreamRejected, "WhatsApp did not tell the %s when it was asked.", what)
}

// parsed returns the library's form of an address that was validated before.
func parsed(jid string) types.JID {
	address, _ := types.ParseJID(jid)
	return address
}
