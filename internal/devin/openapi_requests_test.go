package devin

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/openapitest"
)

// notCalledHere are operations of the document that no method of the client requests by
// itself.
var notCalledHere = []string{
	// A null in a PATCH clears what the provider has set, and not what stands beside it.
	"DELETE /v3beta1/enterprise/organizations/{id}/consumption/acu-limits",
	"DELETE /v3beta1/enterprise/users/{id}/consumption/acu-limits",
}

// onlyOfTheEnterprise are the ends of paths that an organization does not have. The
// provider's types do not request them.
var onlyOfTheEnterprise = []string{"/queue", "/metrics/sessions-by-category", "/consumption/daily/organizations/"}

// TestWhatTheClientSendsIsInTheDocument calls every method that sends a request.
// Whether one succeeds is for other tests.
func TestWhatTheClientSendsIsInTheDocument(t *testing.T) {
	document := openapitest.Load(t)
	var org string
	fake := clienttest.StartFake(t, devintest.Options{PageSize: 200, Members: 10, Wrap: func(next http.Handler) http.Handler {
		return document.HandlerFunc(next, func(r *http.Request, err error) {
			_, below, ofOrganization := strings.Cut(r.URL.Path, "/v3/organizations/"+org)
			if !ofOrganization || !slices.ContainsFunc(onlyOfTheEnterprise, func(end string) bool { return strings.HasPrefix(below, end) }) {
				t.Errorf("%s %s: %v", r.Method, r.URL, err)
			}
		})
	}})
	org = fake.Organizations()[0].OrgID
	// The first word that is in a method's name says what its text names.
	texts := []struct{ word, id string }{
		{"Session", fake.Sessions()[0].SessionID},
		{"ServiceUser", fake.AllServiceUsers()[0].ServiceUserID},
		{"UserIDOf", *fake.Members()[0].Email},
		{"User", fake.Members()[0].UserID},
		{"Hypervisors", "all"},
		{"", org},
	}
	argument := func(method string, kind reflect.Type, variant int) reflect.Value {
		arg := reflect.New(kind).Elem()
		switch {
		case kind == reflect.TypeFor[Window]():
			arg.Set(reflect.ValueOf(week))
		case kind == reflect.TypeFor[Interval]():
			arg.Set(reflect.ValueOf([...]Interval{IntervalWindow, IntervalDay, IntervalWeek, IntervalMonth}[variant]))
		case kind == reflect.TypeFor[*Count]() && variant%2 == 0:
			arg.Set(reflect.ValueOf(new(Count(5))))
		case kind == reflect.TypeFor[map[Agent]*Count]():
			arg.Set(reflect.ValueOf(map[Agent]*Count{CloudAgent: new(Count(5)), LocalAgent: nil}))
		case kind.Kind() == reflect.String:
			for _, text := range texts {
				if strings.Contains(method, text.word) {
					arg.SetString(text.id)
					break
				}
			}
		}
		return arg
	}
	c := newClient(t, fake.URL)
	for _, client := range []*Client{c, c.In(org)} {
		of := reflect.ValueOf(client)
		for i := range of.NumMethod() {
			name, kind := of.Type().Method(i).Name, of.Method(i).Type()
			if kind.NumIn() == 0 || kind.In(0) != reflect.TypeFor[context.Context]() {
				continue // it asks for nothing
			}
			for variant := range 4 {
				args := []reflect.Value{reflect.ValueOf(t.Context())}
				for n := 1; n < kind.NumIn(); n++ {
					args = append(args, argument(name, kind.In(n), variant))
				}
				if kind.IsVariadic() {
					args = args[:len(args)-1]
				}
				of.Method(i).Call(args)
			}
		}
	}
	for _, operation := range document.Uncalled() {
		if !slices.Contains(notCalledHere, operation) {
			t.Errorf("%s is not asked for", operation)
		}
	}
}
