// Package http is the HTTP API of the daemon, for programs of the same user on the same machine.
package http

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// problem is an error in the form of RFC 9457, with our error code.
type problem struct {
	Type      string      `json:"type"`
	Title     string      `json:"title"`
	Status    int         `json:"status"`
	Detail    string      `json:"detail"`
	Code      domain.Code `json:"code"`
	Retryable bool        `json:"retryable"`
}

// asError converts any error to a domain.Error. The text of an unknown error is not shown.
func asError(err error) *domain.Error {
	var failure *domain.Error
	switch {
	case errors.As(err, &failure):
		return failure
	case errors.Is(err, context.DeadlineExceeded):
		return domain.Errorf(domain.Timeout, "It took too long.")
	case errors.Is(err, context.Canceled):
		return domain.Errorf(domain.Cancelled, "The request was cancelled.")
	}
	return &domain.Error{Code: domain.Internal, Message: "A defect of wa-bridge; its log has the details.", Cause: err}
}

// fail answers with the HTTP status of the error's code.
func fail(w http.ResponseWriter, err error) {
	failure := asError(err)
	refuse(w, domain.CodeInfos[failure.Code].Status, failure)
}

// refuse answers with the given HTTP status, where HTTP has a more exact one than the code.
func refuse(w http.ResponseWriter, status int, failure *domain.Error) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	writeJSON(w, problemOf(status, failure))
}

func problemOf(status int, failure *domain.Error) problem {
	return problem{
		Type: "about:blank", Title: title(status), Status: status, Detail: failure.Message,
		Code: failure.Code, Retryable: domain.CodeInfos[failure.Code].Retryable,
	}
}

func title(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "Client Closed Request" // 499 has no standard name
}

func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	writeJSON(w, value)
}

func writeJSON(w http.ResponseWriter, value any) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // the caller may have gone
}
