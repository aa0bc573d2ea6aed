package http

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// Operation is one operation of the API. Input and Output are the Go types of its JSON bodies; the contract test
// compares them with the contract.
type Operation struct {
	Input, Output reflect.Type
	Run           func(ctx context.Context, input []byte) (any, error)
}

// Operations maps names (`noun.verb`) to the operations that this build supports.
type Operations map[string]Operation

// Define makes an operation of a function. The operation fails with invalid_input when the body has unknown fields or
// anything after the JSON object.
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
		writeLists(reflect.ValueOf(&output))
		return output, nil
	}}
}

// DefineBare makes an operation of a function without input.
func DefineBare[O any](run func(ctx context.Context) (O, error)) Operation {
	return Define(func(ctx context.Context, _ struct{}) (O, error) { return run(ctx) })
}

// Merge joins operations. It panics when two of them have the same name.
func Merge(parts ...Operations) Operations {
	all := Operations{}
	for _, part := range parts {
		for name, operation := range part {
			if _, taken := all[name]; taken {
				panic("two operations are called " + name)
			}
			all[name] = operation
		}
	}
	return all
}

// writeLists replaces nil slices in a value by empty ones, so that JSON gets [] and not null.
func writeLists(value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer:
		if !value.IsNil() {
			writeLists(value.Elem())
		}
	case reflect.Struct:
		for i := range value.NumField() {
			writeLists(value.Field(i))
		}
	case reflect.Slice:
		if value.IsNil() && value.CanSet() {
			value.Set(reflect.MakeSlice(value.Type(), 0, 0))
		}
		for i := range value.Len() {
			writeLists(value.Index(i))
		}
	}
}

// decode reads one JSON object; an empty text counts as {}. Its errors quote no text of the request, only the names
// of known fields.
func decode(text []byte, into any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}")
	}
	if first := bytes.TrimSpace(text)[0]; first != '{' {
		return domain.Errorf(domain.InvalidInput, "The body must be a JSON object.")
	}
	if known, ok := knowsAll(reflect.TypeOf(into).Elem(), text); !ok {
		return domain.Errorf(domain.InvalidInput, "The body has an unknown field; known are: %s.",
			cmp.Or(strings.Join(known, ", "), "none"))
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	err := decoder.Decode(into)
	var failure *domain.Error
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
	case errors.As(err, &failure):
		return failure
	case errors.As(err, &kind):
		return domain.Errorf(domain.InvalidInput, "Field %q must be of type %s.", kind.Field, kind.Type)
	default:
		return domain.Errorf(domain.InvalidInput, "The body is no JSON object.")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return domain.Errorf(domain.InvalidInput, "There is something after the JSON object.")
	}
	return nil
}

// knowsAll reports whether every field name in an object, and in the objects inside it, is known. It compares
// case-sensitively, because the decoder would accept "JID" for "jid". When a name is unknown, known lists the names
// that are allowed there. Text that is not an object passes: the decoder rejects it.
func knowsAll(shape reflect.Type, text []byte) (known []string, ok bool) {
	var object map[string]json.RawMessage
	_ = json.NewDecoder(bytes.NewReader(text)).Decode(&object)
	known, inside := fieldsOf(shape)
	for name, value := range object {
		if !slices.Contains(known, name) {
			return known, false
		}
		if part, isObject := inside[name]; isObject {
			if known, ok := knowsAll(part, value); !ok {
				return known, false
			}
		}
	}
	return nil, true
}

// fieldsOf returns the JSON names of a struct's fields, and the types of those fields that are objects themselves.
func fieldsOf(shape reflect.Type) (names []string, inside map[string]reflect.Type) {
	inside = map[string]reflect.Type{}
	if shape.Kind() != reflect.Struct {
		return nil, inside
	}
	for i := range shape.NumField() {
		name, _, _ := strings.Cut(shape.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
		if part := shape.Field(i).Type; part.Kind() == reflect.Pointer && part.Elem().Kind() == reflect.Struct {
			inside[name] = part.Elem()
		}
	}
	return names, inside
}
