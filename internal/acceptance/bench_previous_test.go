package acceptance

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
)

// How the client decoded before it read answers with encoding/json/v2, reduced to
// what costs: five passes over the bytes (the key, UTF-8, keys that come twice,
// encoding/json's own check, decoding), a decoder of its own for each lenient field,
// and a walk over the result by reflection. BENCHMARKS.md has what the whole of that
// client took for the same answers.

// previousDecode reads a body as that client did, with its checks.
func previousDecode(body []byte, into any) error {
	for _, form := range previousKeyForms {
		if bytes.Contains(body, form) {
			return errors.New("it repeats the key")
		}
	}
	if len(bytes.TrimSpace(body)) == 0 || !utf8.Valid(body) {
		return errors.New("it is empty, or not UTF-8")
	}
	if err := (&previousScanner{body: body}).scan(); err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// The whole key and what follows its prefix, in five ways of writing each, and two
// halves.
var previousKeyForms = func() (forms [][]byte) {
	key := devintest.KeyOK
	body := strings.TrimPrefix(key, "cog_")
	for range 5 {
		forms = append(forms, []byte(key), []byte(body))
	}
	return append(forms, []byte(body[:len(body)/2]), []byte(body[len(body)/2:]))
}()

// previousScanner looked for keys that come twice in an object.
type previousScanner struct {
	body   []byte
	frames []previousFrame
	keys   []string
}

type previousFrame struct {
	object, wantsKey bool
	first            int
}

func (s *previousScanner) scan() error {
	for i := 0; i < len(s.body); {
		n, err := s.token(i)
		if err != nil {
			return err
		}
		i += n
	}
	return nil
}

func (s *previousScanner) token(i int) (int, error) {
	top := &previousFrame{}
	if len(s.frames) > 0 {
		top = &s.frames[len(s.frames)-1]
	}
	switch c := s.body[i]; c {
	case ' ', '\t', '\r', '\n', ':':
		return 1, nil
	case '{', '[':
		s.frames = append(s.frames, previousFrame{object: c == '{', wantsKey: c == '{', first: len(s.keys)})
		return 1, nil
	case '}', ']':
		s.keys, s.frames = s.keys[:top.first], s.frames[:len(s.frames)-1]
		return 1, nil
	case ',':
		top.wantsKey = top.object
		return 1, nil
	case '"':
		n := 1
		for ; s.body[i+n] != '"'; n++ {
			if s.body[i+n] == '\\' {
				n++
			}
		}
		if top.wantsKey {
			top.wantsKey = false
			return n + 1, s.addKey(top, string(s.body[i+1:i+n]))
		}
		return n + 1, nil
	}
	n := bytes.IndexAny(s.body[i:], " \t\r\n,:]}")
	if n < 0 {
		n = len(s.body) - i
	}
	return n, nil
}

func (s *previousScanner) addKey(top *previousFrame, key string) error {
	if slices.Contains(s.keys[top.first:], key) {
		return fmt.Errorf("the key %s comes twice", key)
	}
	s.keys = append(s.keys, key)
	return nil
}

// previousCheck looks through a value for fields that are missing, and has values
// checked by their own method Check.
func previousCheck(v any) error {
	value := reflect.ValueOf(v).Elem()
	if check := previousPlan(value.Type()); check != nil {
		return check(value)
	}
	return nil
}

type previousCheckFunc func(reflect.Value) error

var previousPlans sync.Map // reflect.Type → previousCheckFunc

func previousPlan(t reflect.Type) (check previousCheckFunc) {
	if known, ok := previousPlans.Load(t); ok {
		return known.(previousCheckFunc) //nolint:forcetypeassert // only such functions are stored below
	}
	defer func() { previousPlans.Store(t, check) }()
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ Check() error }]()) {
		return func(v reflect.Value) error {
			checked, _ := v.Addr().Interface().(interface{ Check() error })
			return checked.Check()
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		if elem := previousPlan(t.Elem()); elem != nil {
			return func(v reflect.Value) error {
				if v.IsNil() {
					return nil
				}
				return elem(v.Elem())
			}
		}
	case reflect.Slice:
		if elem := previousPlan(t.Elem()); elem != nil {
			return func(v reflect.Value) error {
				for i := range v.Len() {
					if err := elem(v.Index(i)); err != nil {
						return err
					}
				}
				return nil
			}
		}
	case reflect.Struct:
		return previousFields(t)
	}
	return nil
}

func previousFields(t reflect.Type) previousCheckFunc {
	type field struct {
		index    int
		required bool
		check    previousCheckFunc
	}
	var fields []field
	for i := range t.NumField() {
		f := field{i, t.Field(i).Tag.Get("api") == "required", previousPlan(t.Field(i).Type)}
		if f.required || f.check != nil {
			fields = append(fields, f)
		}
	}
	return func(v reflect.Value) error {
		for _, f := range fields {
			value := v.Field(f.index)
			if f.required && value.IsZero() {
				return errors.New("a field is missing")
			}
			if f.check != nil {
				if err := f.check(value); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

type previousInteger int64

func (i *previousInteger) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	*i = previousInteger(n)
	return err
}

type previousACUs float64

func (a previousACUs) Check() error {
	if math.Abs(float64(a)) > 1e12 {
		return errors.New("more than an enterprise can consume")
	}
	return nil
}

type previousProduct struct {
	name string
	acus float64
}

type previousProducts []previousProduct

func (p previousProducts) Check() error {
	for _, product := range p {
		if err := previousACUs(product.acus).Check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *previousProducts) UnmarshalJSON(text []byte) error {
	var few [8]previousProduct
	products := few[:0]
	for pair := range bytes.SplitSeq(bytes.Trim(text, "{}"), []byte(",")) {
		quoted, number, _ := bytes.Cut(pair, []byte(":"))
		if string(bytes.TrimSpace(number)) == "null" {
			continue
		}
		acus, err := strconv.ParseFloat(string(bytes.TrimSpace(number)), 64)
		if err != nil {
			return err
		}
		products = append(products, previousProduct{productNames[string(bytes.Trim(bytes.TrimSpace(quoted), `"`))], acus})
	}
	slices.SortFunc(products, func(a, b previousProduct) int { return strings.Compare(a.name, b.name) })
	*p = append(make(previousProducts, 0, len(products)), products...)
	return nil
}

var productNames = map[string]string{"devin": "devin", "cascade": "cascade", "terminal": "terminal", "review": "review"}

type previousConsumption struct {
	TotalACUs *previousACUs `json:"total_acus" api:"required"`
	ByDate    []struct {
		Date      *previousInteger `json:"date" api:"required"`
		ACUs      *previousACUs    `json:"acus" api:"required"`
		ByProduct previousProducts `json:"acus_by_product"`
	} `json:"consumption_by_date" api:"required"`

	days []previousDay
}

type previousDay struct {
	date     int64
	acus     float64
	products previousProducts
}

func decodePreviousConsumption(body []byte) (*previousConsumption, error) {
	c := new(previousConsumption)
	if err := cmp.Or(previousDecode(body, c), previousCheck(c)); err != nil {
		return nil, err
	}
	sum := 0.0
	c.days = make([]previousDay, len(c.ByDate))
	for i, day := range c.ByDate {
		c.days[i] = previousDay{int64(*day.Date), float64(*day.ACUs), day.ByProduct}
		sum += float64(*day.ACUs)
	}
	c.ByDate = nil
	slices.SortFunc(c.days, func(a, b previousDay) int { return cmp.Compare(a.date, b.date) })
	if math.Abs(sum-float64(*c.TotalACUs)) > 1 {
		return nil, fmt.Errorf("the days add up to %v, and the total is %v", sum, *c.TotalACUs)
	}
	return c, nil
}

// previousLenient decoded a field on its own, so that its fault concerned only
// the readers of that field.
type previousLenient[T any] struct {
	value T
	err   error
}

func (l *previousLenient[T]) UnmarshalJSON(text []byte) error {
	l.err = json.Unmarshal(text, &l.value)
	return nil
}

type previousMember struct {
	UserID   string                            `json:"user_id"`
	Email    *string                           `json:"email"`
	Name     *string                           `json:"name"`
	JoinedAt previousLenient[*previousInteger] `json:"enterprise_joined_at"`
	Roles    previousLenient[[]previousRoleOf] `json:"role_assignments"`
	IDPRoles previousLenient[[]previousRoleOf] `json:"idp_role_assignments"`
}

type previousRoleOf struct {
	Role struct {
		ID   string  `json:"role_id" api:"required"`
		Name *string `json:"role_name"`
		Type *string `json:"role_type"`
	} `json:"role"`
	OrgID *string `json:"org_id"`
	Group *string `json:"idp_group_name"`
}

func (r *previousRoleOf) compare(other *previousRoleOf) int {
	return cmp.Or(strings.Compare(orEmpty(r.OrgID), orEmpty(other.OrgID)), strings.Compare(r.Role.ID, other.Role.ID), strings.Compare(orEmpty(r.Group), orEmpty(other.Group)))
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

type previousPage struct {
	Items       *[]previousMember `json:"items"`
	EndCursor   *string           `json:"end_cursor"`
	HasNextPage *bool             `json:"has_next_page"`
	Total       json.RawMessage   `json:"total"`
}

type previousPerson struct {
	UserID      string
	Email, Name *string
	JoinedAt    *previousInteger
	Roles       []previousRoleOf
}

// previousMembers joins the pages of both lists, which next gives one after another;
// nil is the end.
func previousMembers(next func() ([]byte, error)) ([]previousPerson, error) {
	byID := map[string]*previousPerson{}
	seen, here := map[string]bool{}, map[string]bool{}
	for {
		body, err := next()
		if err != nil || body == nil {
			return sortedPeople(byID), err
		}
		var p previousPage
		if err := previousDecode(body, &p); err != nil {
			return nil, err
		}
		for i := range *p.Items {
			item := &(*p.Items)[i]
			if item.UserID == "" || strings.ContainsRune(item.UserID, utf8.RuneError) || cmp.Or(item.JoinedAt.err, item.Roles.err, item.IDPRoles.err) != nil {
				return nil, fmt.Errorf("the member %q cannot be read", item.UserID)
			}
			seen[item.UserID], here[item.UserID] = true, true
			roles := make([]previousRoleOf, 0, len(item.Roles.value)+len(item.IDPRoles.value))
			for _, own := range [][]previousRoleOf{item.Roles.value, item.IDPRoles.value} {
				for k := range own {
					if err := previousCheck(&own[k]); err != nil {
						return nil, err
					}
					roles = append(roles, own[k])
				}
			}
			if known := byID[item.UserID]; known != nil {
				known.Roles = append(known.Roles, roles...)
				continue
			}
			byID[item.UserID] = &previousPerson{item.UserID, item.Email, item.Name, item.JoinedAt.value, roles}
		}
	}
}

func sortedPeople(byID map[string]*previousPerson) []previousPerson {
	people := make([]previousPerson, 0, len(byID))
	for p := range maps.Values(byID) {
		slices.SortFunc(p.Roles, func(a, b previousRoleOf) int { return a.compare(&b) })
		p.Roles = slices.CompactFunc(p.Roles, func(a, b previousRoleOf) bool { return a.compare(&b) == 0 })
		people = append(people, *p)
	}
	slices.SortFunc(people, func(a, b previousPerson) int { return strings.Compare(a.UserID, b.UserID) })
	return people
}
