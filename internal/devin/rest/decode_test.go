package rest

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAnIntegerIsTakenWhereItCanBeTrusted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Integer{
		"0": 0, "-0": 0, "45": 45, "-45": -45, "45.0": 45, "45.000": 45, "4.5e1": 45, "1e3": 1000, "1E+3": 1000, "-2.0": -2,
		"1764921600": 1764921600, "1764921600.0": 1764921600,
		"9007199254740991": 1<<53 - 1, "-9007199254740991": -(1<<53 - 1), "9007199254740991.0": 1<<53 - 1,
		"9007199254740992": 1 << 53, "-9007199254740992": -(1 << 53),
	} {
		var got *Integer
		if err := json.Unmarshal([]byte(text), &got); err != nil || got == nil || *got != want {
			t.Errorf("%s became %v, %v", text, got, err)
		}
	}
}

func TestAnIntegerIsRefusedWhereItCannotBeTrusted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"45.5", "-0.1", "0.5", "1e-3", "45.0000001",
		// 2^53+1 is the first that a float rounds, to 2^53.
		"9007199254740993", "9007199254740993.0", "-9007199254740993", "9007199254740994", "9007199254740995.0",
		"9223372036854775807", "9223372036854775808", "1e18", "1e19", "1e308", "1e400", "-1e400",
		`"45"`, "true", "false", "[45]", `{"n":45}`, `""`,
	} {
		var got *Integer
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s became %d", text, *got)
		} else if !strings.Contains(err.Error(), text) {
			t.Errorf("%s is not named: %v", text, err)
		}
	}
}

func TestANullIntegerIsNone(t *testing.T) {
	t.Parallel()
	var v struct {
		A *Integer `json:"a"`
		B *Integer `json:"b"`
	}
	if err := json.Unmarshal([]byte(`{"a":null}`), &v); err != nil || v.A != nil || v.B != nil {
		t.Errorf("got %+v, %v", v, err)
	}
}

func TestACountIsThereAndNotNegative(t *testing.T) {
	t.Parallel()
	if _, err := (*Integer)(nil).Count("x_count"); err == nil || !strings.Contains(err.Error(), "x_count is missing") {
		t.Errorf("none: %v", err)
	}
	if _, err := ptr(Integer(-1)).Count("x_count"); err == nil || !strings.Contains(err.Error(), "x_count is -1") {
		t.Errorf("negative: %v", err)
	}
	for _, n := range []Integer{0, 45} {
		if got, err := ptr(n).Count("x_count"); err != nil || got != int64(n) {
			t.Errorf("%d: %d, %v", n, got, err)
		}
	}
}

func TestWhereJSONBreaksIsShown(t *testing.T) {
	t.Parallel()
	body := `{"a":"` + strings.Repeat("x", 100) + `",!"b":1,` + strings.Repeat("y", 100)
	var into struct{}
	err := newClient(t, "https://devin.example.com").decodeJSON(t.Context(), []byte(body), &into, 10)
	if err == nil || !strings.Contains(err.Error(), "at byte 109") || !strings.Contains(err.Error(), `xxx",!"b":1,yyy`) || len(err.Error()) > 120 {
		t.Errorf("it reads %v", err)
	}
}
