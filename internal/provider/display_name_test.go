package provider

import "testing"

func TestDisplayNameIsTheNameElseTheEmailElseTheID(t *testing.T) {
	t.Parallel()
	name, email, blank := "Ann", "ann@acme.example", " "
	for _, tt := range []struct {
		email, name *string
		want        string
	}{
		{&email, &name, "Ann"},
		{nil, &name, "Ann"},
		{&email, nil, email},
		{&email, &blank, email},
		{nil, nil, "email|1"},
		{&blank, &blank, "email|1"},
	} {
		if got := displayName("email|1", tt.email, tt.name); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
