package devin

import (
	"fmt"
	"slices"
	"testing"
)

var outcomeNames = map[outcome]string{
	accepted: "200", empty: "200 empty", refused401: "401", refused403: "403", absent: "404", noList: "no list", unknown: "?", notAsked: "not asked",
}

func (o outcome) String() string { return outcomeNames[o] }

// expected is design.md §7, read on its own: the table's rows as conditions,
// of which at most one holds, and what is said below the table of answers
// that say nothing.
func expected(e evidence) Code {
	any := func(is ...outcome) bool {
		return slices.ContainsFunc(e.required, func(o outcome) bool { return slices.Contains(is, o) })
	}
	denied := 0
	for _, o := range e.required {
		if o == refused401 || o == refused403 {
			denied++
		}
	}
	orgRefused := e.organizations == refused401 || e.organizations == refused403
	// A list that is not there is looked at no more than one that is denied.
	orgUnseen := orgRefused || e.organizations == absent || e.organizations == noList
	everyProbeRefused := denied == len(e.required) && (orgRefused || e.organizations == noList)

	// "The API refuses the key itself."
	refusesKey := e.self == refused401 || e.self == refused403 && everyProbeRefused
	// A 403 of /v3/self alone tells nothing; any probe that is answered shows
	// that the key is accepted.
	accepts := e.self == accepted || e.self == refused403 && (any(accepted, empty) || e.organizations == accepted || e.organizations == empty)
	nothingDenied := denied == 0
	noOrganization := e.organizations == empty || orgUnseen && e.members == empty
	// Whether there is an organization decides only where nothing is denied.
	organizationUnheard := e.organizations == unknown || orgUnseen && e.members == unknown
	judged := accepts && !any(unknown) && (denied > 0 || !organizationUnheard)

	rows := map[Code]bool{
		InvalidCredentials: refusesKey,
		InvalidPermissions: judged && denied > 0 && denied == len(e.required),
		Forbidden:          judged && denied > 0 && denied < len(e.required) && !any(refused401),
		Unauthorized:       judged && denied > 0 && denied < len(e.required) && any(refused401),
		NoResources:        judged && nothingDenied && noOrganization,
		OK:                 judged && nothingDenied && !noOrganization,
		Unavailable:        !refusesKey && !judged,
	}
	var holds []Code
	for code, is := range rows {
		if is {
			holds = append(holds, code)
		}
	}
	if len(holds) != 1 {
		return Code(fmt.Sprintf("%q", holds))
	}
	return holds[0]
}

// vectors are all outcomes of n required probes.
func vectors(n int, of []outcome) [][]outcome {
	if n == 0 {
		return [][]outcome{nil}
	}
	var all [][]outcome
	for _, rest := range vectors(n-1, of) {
		for _, o := range of {
			all = append(all, append(slices.Clone(rest), o))
		}
	}
	return all
}

func TestTheVerdictIsThatOfTheDesignForEveryCombination(t *testing.T) {
	t.Parallel()
	asked := []outcome{accepted, empty, refused401, refused403, unknown}
	tried := 0
	for _, self := range []outcome{accepted, refused401, refused403, unknown} {
		for n := range 4 {
			outcomes := asked
			if self == refused401 || self == unknown {
				outcomes = []outcome{notAsked}
			}
			for _, required := range vectors(n, outcomes) {
				lists := outcomes
				if len(outcomes) > 1 {
					lists = append(slices.Clone(outcomes), absent, noList)
				}
				for _, organizations := range lists {
					for _, members := range append(slices.Clone(outcomes), notAsked) {
						e := evidence{self: self, required: required, organizations: organizations, members: members}
						if got, want := e.verdict(), expected(e); got != want {
							t.Errorf("%+v: %q, want %q", e, got, want)
						}
						tried++
					}
				}
			}
		}
	}
	if tried < 9000 {
		t.Errorf("only %d combinations were tried", tried)
	}
}

func TestVerdictsWorthASentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		evidence
		want Code
	}{
		"all is well": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, accepted, accepted}, OK,
		},
		"a 401 of self settles it": {
			evidence{refused401, []outcome{notAsked, notAsked, notAsked}, notAsked, notAsked}, InvalidCredentials,
		},
		"an unknown key, as the API was seen to answer it": {
			evidence{refused403, []outcome{refused403, refused403, refused403}, refused403, notAsked}, InvalidCredentials,
		},
		"self denied, yet a probe answered: the key is good": {
			evidence{refused403, []outcome{accepted, refused403, refused403}, refused403, accepted}, Forbidden,
		},
		"self denied, yet organizations answered: the key is good and may nothing": {
			evidence{refused403, []outcome{refused403, refused403, refused403}, accepted, notAsked}, InvalidPermissions,
		},
		"self denied and no more heard": {
			evidence{refused403, []outcome{refused403, refused403, unknown}, refused403, notAsked}, Unavailable,
		},
		"all denied": {
			evidence{accepted, []outcome{refused403, refused403, refused403}, refused403, notAsked}, InvalidPermissions,
		},
		"all denied, one with 401": {
			evidence{accepted, []outcome{refused403, refused401, refused403}, accepted, notAsked}, InvalidPermissions,
		},
		"the only one required denied": {
			evidence{accepted, []outcome{refused403}, accepted, notAsked}, InvalidPermissions,
		},
		"some denied": {
			evidence{accepted, []outcome{accepted, refused403, refused403}, accepted, accepted}, Forbidden,
		},
		"some denied, one with 401": {
			evidence{accepted, []outcome{accepted, refused401, refused403}, accepted, accepted}, Unauthorized,
		},
		"some denied, and empty besides": {
			evidence{accepted, []outcome{empty, refused403, accepted}, empty, empty}, Forbidden,
		},
		"one unheard of": {
			evidence{accepted, []outcome{accepted, unknown, refused403}, accepted, accepted}, Unavailable,
		},
		"nothing to see": {
			evidence{accepted, []outcome{empty, accepted, accepted}, empty, empty}, NoResources,
		},
		"no organization, whoever the members are": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, empty, accepted}, NoResources,
		},
		"organizations may not be listed, members are there": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, refused403, accepted}, OK,
		},
		"organizations may not be listed, no member is there": {
			evidence{accepted, []outcome{empty, accepted, accepted}, refused403, empty}, NoResources,
		},
		"organizations may not be listed, members were not asked for": {
			evidence{accepted, []outcome{accepted}, refused403, notAsked}, OK,
		},
		"there is no list of organizations, members are there": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, absent, accepted}, OK,
		},
		"there is no list of organizations, no member is there": {
			evidence{accepted, []outcome{empty, accepted, accepted}, absent, empty}, NoResources,
		},
		"there is no list of organizations, members were not asked for": {
			evidence{accepted, []outcome{accepted}, absent, notAsked}, OK,
		},
		"there is no list of organizations, and all else is denied": {
			evidence{refused403, []outcome{refused403, refused403, refused403}, absent, notAsked}, Unavailable,
		},
		"organizations are there, members are not": {
			evidence{accepted, []outcome{empty, accepted, accepted}, accepted, empty}, OK,
		},
		"organizations unheard of": {
			evidence{accepted, []outcome{accepted, accepted, accepted}, unknown, accepted}, Unavailable,
		},
		"organizations unheard of, but something is denied": {
			evidence{accepted, []outcome{accepted, accepted, refused403}, unknown, accepted}, Forbidden,
		},
	} {
		if got := c.verdict(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
