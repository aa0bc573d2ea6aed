package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Operation runs one operation of the port on the JSON of its input. Input and Output are the shapes on the wire, which
// are held to the contract.
type Operation struct {
	Input, Output reflect.Type
	run           func(ctx context.Context, input []byte) (any, error)
}

// Operations are what this build can do, by name (`noun.verb`): there is no second list to keep true.
type Operations map[string]Operation

// Define makes an operation of a function. Unknown fields of the input are refused, and so is anything after it.
func Define[I, O any](run func(ctx context.Context, input I) (O, error)) Operation {
	return Operation{reflect.TypeFor[I](), reflect.TypeFor[O](), func(ctx context.Context, text []byte) (any, error) {
		var input I
		if err := decode(text, &input); err != nil {
			return nil, err
		}
		output, err := run(ctx, input)
		if err != nil {
			return nil, err
		}
		return output, nil
	}}
}

// decode reads one JSON object. The text of the request goes into no error but for names of fields that we know.
func decode(text []byte, into any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}")
	}
	if first := bytes.TrimSpace(text)[0]; first != '{' {
		return domain.Fail(domain.InvalidInput, "The body must be a JSON object.")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var failure *domain.Error
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &kind):
		return domain.Fail(domain.InvalidInput, "Field %q must be of type %s.", kind.Field, kind.Type)
	case strings.Contains(err.Error(), "unknown field"):
		return domain.Fail(domain.InvalidInput, "The body has an unknown field; known are: %s.", fieldsOf(into))
	default:
		return domain.Fail(domain.InvalidInput, "The body is no JSON object.")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return domain.Fail(domain.InvalidInput, "There is something after the JSON object.")
	}
	return nil
}

func fieldsOf(into any) string {
	var names []string
	if kind := reflect.TypeOf(into).Elem(); kind.Kind() == reflect.Struct {
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// JID is an address in an input, without device part.
type JID string

// UnmarshalJSON refuses what is no address.
func (j *JID) UnmarshalJSON(text []byte) error {
	var value string
	if err := json.Unmarshal(text, &value); err != nil {
		return domain.Fail(domain.InvalidInput, "An address must be a text.")
	}
	normal := domain.NormalizeJID(value)
	if normal == "" {
		return domain.Fail(domain.InvalidInput, "This is no WhatsApp address: %s.", shape(value))
	}
	*j = JID(normal)
	return nil
}

// shape says what a text looks like and not what it says.
func shape(text string) string { return fmt.Sprintf("a text of %d bytes", len(text)) }
