// Package wellformed finds and repairs texts that are not valid UTF-8 in rows and wire messages.
package wellformed

import (
	"reflect"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"whatsapp-hybrid-mcp/wa-bridge/domain"
)

// IsValid reports whether every text in a row or a list of rows is valid UTF-8. Bytes are not text.
func IsValid(rows any) bool {
	return isValid(reflect.ValueOf(rows))
}

func isValid(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.String:
		return utf8.ValidString(value.String())
	case reflect.Pointer, reflect.Interface:
		return value.IsNil() || isValid(value.Elem())
	case reflect.Struct:
		for i := range value.NumField() {
			if !isValid(value.Field(i)) {
				return false
			}
		}
	case reflect.Slice, reflect.Array:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			return true
		}
		for i := range value.Len() {
			if !isValid(value.Index(i)) {
				return false
			}
		}
	}
	return true
}

// Repair makes every text in a message valid UTF-8, in nested messages, lists and maps too.
func Repair(message protoreflect.Message) {
	message.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsList():
			repairList(field, value.List())
		case field.IsMap():
			repairMap(field.MapValue(), value.Map())
		case field.Kind() == protoreflect.StringKind:
			if text := value.String(); !utf8.ValidString(text) {
				message.Set(field, validValue(text))
			}
		case field.Message() != nil:
			Repair(value.Message())
		}
		return true
	})
}

func repairList(field protoreflect.FieldDescriptor, list protoreflect.List) {
	for i := range list.Len() {
		switch {
		case field.Kind() == protoreflect.StringKind:
			list.Set(i, validValue(list.Get(i).String()))
		case field.Message() != nil:
			Repair(list.Get(i).Message())
		}
	}
}

func repairMap(field protoreflect.FieldDescriptor, entries protoreflect.Map) {
	entries.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		switch {
		case field.Kind() == protoreflect.StringKind:
			entries.Set(key, validValue(value.String()))
		case field.Message() != nil:
			Repair(value.Message())
		}
		return true
	})
}

func validValue(text string) protoreflect.Value {
	return protoreflect.ValueOfString(domain.ValidText(text))
}
