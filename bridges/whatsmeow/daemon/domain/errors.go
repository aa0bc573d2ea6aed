package domain

import "fmt"

// Code is one of the closed set of error codes.
type Code string

// The codes of this bridge; src/domain/errors.ts defines what they mean.
const (
	InvalidInput       Code = "invalid_input"
	NotFound           Code = "not_found"
	NotLinked          Code = "not_linked"
	NeedsPasskey       Code = "needs_passkey"
	BridgeUnavailable  Code = "bridge_unavailable"
	OutcomeUnknown     Code = "outcome_unknown"
	UpstreamUnanswered Code = "upstream_unanswered"
	UpstreamRejected   Code = "upstream_rejected"
	NotPermitted       Code = "not_permitted"
	NotSupported       Code = "not_supported"
	RateLimited        Code = "rate_limited"
	AccountMismatch    Code = "account_mismatch"
	SchemaMismatch     Code = "schema_mismatch"
	StoreUnavailable   Code = "store_unavailable"
	Timeout            Code = "timeout"
	Cancelled          Code = "cancelled"
	Internal           Code = "internal"
)

// CodeInfo is how the API reports a code: Status is the HTTP status, Retryable whether the same call may succeed
// later.
type CodeInfo struct {
	Status    int
	Retryable bool
}

// CodeInfos has a row for every code above. A test compares it with the table of the Node program.
var CodeInfos = map[Code]CodeInfo{
	InvalidInput:       {400, false},
	NotFound:           {404, false},
	NotLinked:          {401, false},
	NeedsPasskey:       {401, false},
	BridgeUnavailable:  {503, true},
	OutcomeUnknown:     {504, false},
	UpstreamUnanswered: {504, true},
	UpstreamRejected:   {502, false},
	NotPermitted:       {403, false},
	NotSupported:       {501, false},
	RateLimited:        {429, true},
	AccountMismatch:    {409, false},
	SchemaMismatch:     {409, false},
	StoreUnavailable:   {503, false},
	Timeout:            {504, true},
	Cancelled:          {499, true},
	Internal:           {500, false},
}

// Error is the error type that crosses packages. Its message never holds text written by other people.
type Error struct {
	Code    Code
	Message string
	Cause   error
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an Error. No value may hold text written by other people.
func Errorf(code Code, format string, values ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, values...)}
}
