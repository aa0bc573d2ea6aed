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

// Operation runs one operation of the port on the JSON of its input. Input and Output are the shapes on the wire, which
// are held to the contract.
type Operation struct {
	Input, Output reflect.Type
	Run           func(ctx context.Context, input []byte) (any, error)
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
		writeLists(reflect.ValueOf(&output))
		return output, nil
	}}
}

// DefineBare makes an operation of a function without input.
func DefineBare[O any](run func(ctx context.Context) (O, error)) Operation {
	return Define(func(ctx context.Context, _ struct{}) (O, error) { return run(ctx) })
}

// Merge joins operations; no name may stand in two of them.
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

// writeLists makes empty lists of those that are nil: JSON would say null, which callers take for no list.
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

// decode reads one JSON object. The text of the request goes into no error but for names of fields that we know.
func decode(text []byte, into any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}")
	}
	if first := bytes.TrimSpace(text)[0]; first != '{' {
		return domain.Errorf(domain.InvalidInput, "The body must be a JSON object.")
	}
	if known, ok := knowsAll(reflect.TypeOf(into).Elem(), text); !ok {
		return domain.Errorf(domain.InvalidInput, "The body has an unknown field; known are: %s.", cmp.Or(strings.Join(known, ", "), "none"))
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

// knowsAll tells whether all names in an object, and in the objects that it holds, are known, letter by letter: the
// decoder would take "JID" for "jid". Where one is not, it says which are. What is no object is the decoder's to refuse.
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

// fieldsOf are the names in an object, and those that stand for objects themselves.
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
