package devin

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/devin-community/terraform-provider-devin/internal/devin/rest"
)

// memberAnswer is an item of either list. Reports need who it is and nothing
// else, so what is wrong with the other fields must not fail them.
type memberAnswer struct {
	UserID             string                    `json:"user_id"`
	Email              *string                   `json:"email"`
	Name               *string                   `json:"name"`
	EnterpriseJoinedAt lenient[*rest.Integer]    `json:"enterprise_joined_at"`
	Roles              lenient[[]RoleAssignment] `json:"role_assignments"`
	IDPRoles           lenient[[]RoleAssignment] `json:"idp_role_assignments"`
}

// lenient is a field whose fault concerns only those who read it.
type lenient[T any] struct {
	value T
	err   error
}

// UnmarshalJSON keeps the fault and never fails.
func (l *lenient[T]) UnmarshalJSON(text []byte) error {
	l.err = json.Unmarshal(text, &l.value)
	return nil
}

// read is the value, or what is wrong with it.
func (l *lenient[T]) read(field string) (T, error) {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(l.err, &wrong):
		if wrong.Field != "" {
			field += "." + wrong.Field
		}
		return l.value, fmt.Errorf("the field %s is a JSON %s, where the Devin API documents another type", field, wrong.Value)
	case l.err != nil:
		return l.value, fmt.Errorf("the field %s: %w", field, l.err)
	}
	return l.value, nil
}

func (a *memberAnswer) Identity() string { return a.UserID }

func (a *memberAnswer) Check() error {
	if a.UserID == "" {
		return rest.Missing("user_id")
	}
	// encoding/json puts U+FFFD where an escape such as \ud800 is no character.
	if strings.ContainsRune(a.UserID, utf8.RuneError) {
		return fmt.Errorf("the user_id %q has a character that is none in Unicode", a.UserID)
	}
	return nil
}

func (a *memberAnswer) member(f MemberFilter, orgID string) (Member, error) {
	m := Member{UserID: a.UserID, Email: a.Email, Name: a.Name}
	if f.onlyNamed {
		return m, nil
	}
	if err := a.readRest(&m, f, orgID); err != nil {
		return Member{}, fmt.Errorf("the member %s: %w", rest.Excerpt(a.UserID), err)
	}
	return m, nil
}

// year2000 is when that year began, in Unix seconds.
const year2000 = 946_684_800

// readRest reads what only lists of members show.
func (a *memberAnswer) readRest(m *Member, f MemberFilter, orgID string) error {
	joined, err := a.EnterpriseJoinedAt.read("enterprise_joined_at")
	if err != nil {
		return err
	}
	// 0, or an instant before 2000, stands for one that is not known.
	if joined != nil && int64(*joined) >= year2000 {
		at, err := instantOfAPI(int64(*joined))
		if err != nil {
			return fmt.Errorf("the field enterprise_joined_at: %w", err)
		}
		m.JoinedAt = &at
	}
	if f.NoRoles {
		return nil
	}
	direct, err := a.Roles.read("role_assignments")
	if err != nil {
		return err
	}
	idp, err := a.IDPRoles.read("idp_role_assignments")
	if err != nil {
		return err
	}
	if direct != nil || idp != nil {
		m.Roles = make([]RoleAssignment, 0, len(direct)+len(idp))
	}
	for _, roles := range [][]RoleAssignment{direct, idp} {
		for i, r := range roles {
			if err := rest.CheckFields(&roles[i]); err != nil {
				return fmt.Errorf("a role: %w", err)
			}
			// An organization's own list may leave out which organization a role is
			// in, and its type too; without it the role would read as one for the
			// whole enterprise.
			if r.OrgID == nil && orgID != "" && (r.RoleType == nil || *r.RoleType == "org") {
				r.OrgID = &orgID
			}
			m.Roles = append(m.Roles, r)
		}
	}
	return nil
}
