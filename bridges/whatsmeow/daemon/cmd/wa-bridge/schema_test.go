package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// schema is the part of JSON Schema that the contract uses.
type schema struct {
	Type       kind              `json:"type"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
	AnyOf      []schema          `json:"anyOf"`
}

// kind is one JSON type or several.
type kind []string

func (k *kind) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*k = kind{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(k))
}

// kinds maps the kinds of Go types to the JSON types that they encode to.
var kinds = map[string][]reflect.Kind{
	"string":  {reflect.String},
	"boolean": {reflect.Bool},
	"integer": {reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint32},
	"number":  {reflect.Float64, reflect.Int, reflect.Int64},
	"array":   {reflect.Slice},
	"object":  {reflect.Struct},
}

// plain returns the schema and its type without null, and whether null is allowed.
func (s schema) plain() (inner schema, kind string, nullable bool) {
	if len(s.AnyOf) == 2 && slices.Equal(s.AnyOf[1].Type, []string{"null"}) {
		inner, kind, _ = s.AnyOf[0].plain()
		return inner, kind, true
	}
	if len(s.Type) == 2 && s.Type[1] == "null" || len(s.Type) == 1 {
		return s, s.Type[0], len(s.Type) == 2
	}
	return s, fmt.Sprint(s.Type), false
}

// differences returns, sorted, all ways in which the JSON of a Go type violates a schema. A request may omit fields
// that have a zero value in Go, so for a request only names and types count.
func (s schema) differences(shape reflect.Type, path string, isRequest bool) []string {
	inner, kind, _ := s.plain()
	if shape.Kind() == reflect.Pointer {
		shape = shape.Elem()
	}
	if !slices.Contains(kinds[kind], shape.Kind()) {
		return []string{fmt.Sprintf("%s is %s, not %s", path, shape.Kind(), kind)}
	}
	switch kind {
	case "array":
		return inner.Items.differences(shape.Elem(), path+"[]", isRequest)
	case "object":
		return inner.fieldDifferences(shape, path, isRequest)
	}
	return nil
}

func (s schema) fieldDifferences(shape reflect.Type, path string, isRequest bool) []string {
	var found []string
	written := fieldsOf(shape)
	for name, promised := range s.Properties {
		field, ok := written[name]
		at := path + "." + name
		if !ok {
			found = append(found, at+" is missing")
			continue
		}
		found = append(found, promised.differences(field.Type, at, isRequest)...)
		if !isRequest {
			found = append(found, promised.absence(field, at, slices.Contains(s.Required, name))...)
		}
	}
	for name := range written {
		if _, ok := s.Properties[name]; !ok {
			found = append(found, path+"."+name+" is not in the contract")
		}
	}
	slices.Sort(found)
	return found
}

// absence checks that required fields are always written and that null appears only where the schema allows it.
func (s schema) absence(field reflect.StructField, path string, required bool) []string {
	mayBeLeftOut := strings.Contains(field.Tag.Get("json"), ",omit")
	_, _, nullable := s.plain()
	mayBeNull := field.Type.Kind() == reflect.Pointer && !mayBeLeftOut
	switch {
	case required && mayBeLeftOut:
		return []string{path + " may be left out"}
	case !required && !mayBeLeftOut:
		return []string{path + " is always there"}
	case mayBeNull && !nullable:
		return []string{path + " may be null"}
	case nullable && !mayBeNull:
		return []string{path + " is never null"}
	}
	return nil
}

// fieldsOf returns the fields of a struct, including embedded ones, by their JSON names.
func fieldsOf(shape reflect.Type) map[string]reflect.StructField {
	found := map[string]reflect.StructField{}
	for _, field := range reflect.VisibleFields(shape) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			found[name] = field
		}
	}
	return found
}
