package devin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest"
	"github.com/devin-community/terraform-provider-devin/internal/devin/devintest/clienttest"
)

// sameConsumption fails the test if a result differs from the fake's truth.
func sameConsumption(got *Consumption, days []devintest.Day, total float64, zeroDays bool) error {
	if got.TotalACUs != total {
		return fmt.Errorf("the total is %v, want %v", got.TotalACUs, total)
	}
	i := 0
	for _, day := range got.Days() {
		if zeroDays && day.ACUs == 0 {
			continue
		}
		if i == len(days) || day.Date.String() != days[i].Name || day.ACUs != days[i].ACUs {
			return fmt.Errorf("day %d is %s with %v ACUs", i, day.Date, day.ACUs)
		}
		products := map[string]float64{}
		for n, p := range day.Products {
			products[p.Product] = p.ACUs
			if n > 0 && p.Product <= day.Products[n-1].Product {
				return fmt.Errorf("the products of %s are not sorted: %v", day.Date, day.Products)
			}
		}
		if !maps.Equal(products, days[i].ByProduct) {
			return fmt.Errorf("the products of %s are %v, want %v", day.Date, products, days[i].ByProduct)
		}
		i++
	}
	if i != len(days) {
		return fmt.Errorf("%d days, want %d", i, len(days))
	}
	return nil
}

func TestConsumptionEqualsTheFakesTruth(t *testing.T) {
	t.Parallel()
	today := DayAt(clienttest.Now)
	windows := []Window{
		{today - 1, today - 1},
		{today - 30, today - 1},
		{today - 200, today - 100},
		{today - 3, today},
		{today - 3000, today + 3000},
		{today + 1, today + 5},
	}
	for name, q := range map[string]devintest.Quirks{
		"defaults":        {},
		"inclusive":       {InclusiveBounds: true},
		"midnight UTC":    {DaysAtMidnightUTC: true},
		"zero days":       {ZeroDays: true},
		"review null":     {Review: devintest.AsNull},
		"review absent":   {Review: devintest.Absent},
		"unknown product": {ExtraProduct: "quantum agent"},
		"all at once": {
			InclusiveBounds: true, DaysAtMidnightUTC: true, ZeroDays: true, Review: devintest.AsNull, ExtraProduct: "x",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := clienttest.StartFake(t, devintest.Options{Quirks: q})
			c := newClient(t, server.URL)
			for _, w := range windows {
				from, to := w.Start.Start(), (w.End + 1).Start()
				for _, m := range server.Members() {
					got, err := c.UserDailyConsumption(t.Context(), m.UserID, w)
					if err != nil {
						t.Fatal(err)
					}
					if err := sameConsumption(got, server.UserDays(m.UserID, from, to), server.UserTotal(m.UserID, from, to), q.ZeroDays); err != nil {
						t.Errorf("%s, %s: %v", m.UserID, w, err)
					}
				}
				all, err := c.WholeDailyConsumption(t.Context(), w)
				if err != nil {
					t.Fatal(err)
				}
				if err := sameConsumption(all, server.EnterpriseDays(from, to), server.EnterpriseTotal(from, to), q.ZeroDays); err != nil {
					t.Errorf("the enterprise, %s: %v", w, err)
				}
			}
		})
	}
}

func TestAnUnknownUserConsumedNothingOrIsAnError(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]error{200: nil, 404: ErrNotFound, 403: ErrForbidden} {
		server := clienttest.StartFake(t, devintest.Options{Quirks: devintest.Quirks{UnknownUser: status}})
		got, err := newClient(t, server.URL).UserDailyConsumption(t.Context(), "email|unknown", week)
		switch {
		case want != nil && !isOnly(err, want):
			t.Errorf("%d: %v", status, err)
		case want == nil && (err != nil || got.TotalACUs != 0 || got.NumDays() != 0):
			t.Errorf("%d: %+v, %v", status, got, err)
		}
	}
}

// consumptionOf is what becomes of an answer for a window from 2025-12-05 to
// 2025-12-09.
func consumptionOf(t *testing.T, body string) (*Consumption, error) {
	t.Helper()
	server := clienttest.StartFake(t, devintest.Options{})
	server.Fault("/v3/enterprise/consumption/daily/users/a", devintest.Fault{Body: body, ContentType: "application/json"})
	w := Window{mustDay(t, "2025-12-05"), mustDay(t, "2025-12-09")}
	return newClient(t, server.URL).UserDailyConsumption(t.Context(), "a", w)
}

const (
	dec04 = 1764835200
	dec05 = 1764921600
	dec06 = dec05 + 86400
	dec09 = dec05 + 4*86400
	dec10 = dec05 + 5*86400
)

func day(date int64, acus string) string {
	return fmt.Sprintf(`{"date":%d,"acus":%s,"acus_by_product":{"devin":%s}}`, date, acus, acus)
}

func answerOf(total string, days ...string) string {
	return `{"total_acus":` + total + `,"consumption_by_date":[` + strings.Join(days, ",") + `]}`
}

func TestDaysAreSortedAndThoseOutsideAreDropped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body  string
		total float64
		days  string
	}{
		"in order":             {answerOf("0.3", day(dec05, "0.1"), day(dec06, "0.2")), 0.3, "2025-12-05=0.1 2025-12-06=0.2 "},
		"out of order":         {answerOf("3", day(dec09, "1"), day(dec05, "1"), day(dec06, "1")), 3, "2025-12-05=1 2025-12-06=1 2025-12-09=1 "},
		"the API's total":      {answerOf("1.01", day(dec05, "1")), 1.01, "2025-12-05=1 "},
		"nearly the sum":       {answerOf("300.4", day(dec05, "301"), day(dec06, "0")), 300.4, "2025-12-05=301 2025-12-06=0 "},
		"the window's total":   {answerOf("0.3", day(dec05, "0.1"), day(dec06, "0.2"), day(dec10, "9")), 0.3, "2025-12-05=0.1 2025-12-06=0.2 "},
		"a credit":             {answerOf("-1.5", day(dec05, "1"), day(dec06, "-2.5")), -1.5, "2025-12-05=1 2025-12-06=-2.5 "},
		"one after the window": {answerOf("9.3", day(dec05, "0.1"), day(dec06, "0.2"), day(dec10, "9")), 0.3, "2025-12-05=0.1 2025-12-06=0.2 "},
		"one before it":        {answerOf("9.3", day(dec04, "9"), day(dec05, "0.1"), day(dec06, "0.2")), 0.3, "2025-12-05=0.1 2025-12-06=0.2 "},
		"outside and unsorted": {answerOf("18.3", day(dec10, "9"), day(dec06, "0.2"), day(dec04, "9"), day(dec05, "0.1")), 0.3, "2025-12-05=0.1 2025-12-06=0.2 "},
		"all outside":          {answerOf("18", day(dec04, "9"), day(dec10, "9")), 0, ""},
		"none":                 {answerOf("0"), 0, ""},
		"at midnight UTC":      {answerOf("1", day(dec05-8*3600, "1")), 1, "2025-12-05=1 "},
		"a float as date":      {answerOf("1", `{"date":1764921600.0,"acus":1,"acus_by_product":{}}`), 1, "2025-12-05=1 "},
		"unknown fields":       {`{"total_acus":1,"consumption_by_date":[{"date":1764921600,"acus":1,"acus_by_product":{},"x":{}}],"y":[]}`, 1, "2025-12-05=1 "},
	} {
		got, err := consumptionOf(t, c.body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		days := ""
		for _, d := range got.Days() {
			days += fmt.Sprintf("%s=%v ", d.Date, d.ACUs)
		}
		if got.TotalACUs != c.total || days != c.days || got.Days() == nil {
			t.Errorf("%s: total %v of %q, want %v of %q", name, got.TotalACUs, days, c.total, c.days)
		}
	}
}

func TestProductsWithoutANumberAreLeftOut(t *testing.T) {
	t.Parallel()
	for products, want := range map[string]string{
		`{"devin":1.5,"cascade":0,"terminal":null,"review":null}`: "[{cascade 0} {devin 1.5}]",
		`{"zeta":1,"":2,"Ünï code":3}`:                            "[{ 2} {zeta 1} {Ünï code 3}]",
		`{}`:                                                      "[]",
		`null`:                                                    "[]",
		"":                                                        "[]",
		` { "devin" : 1.5 , "x" : null } `:                        "[{devin 1.5}]",
		// Names with escapes, which the reader without allocations must resolve.
		`{"a,b":1,"c:d":2,"e\"f":3,"g\u0068":4,"}":5,"{":6,":":7,",":8}`: `[{, 8} {: 7} {a,b 1} {c:d 2} {e"f 3} {gh 4} {{ 6} {} 5}]`,
	} {
		field := `,"acus_by_product":` + products
		if products == "" {
			field = ""
		}
		got, err := consumptionOf(t, answerOf("1", fmt.Sprintf(`{"date":%d,"acus":1%s}`, dec05, field)))
		if err != nil {
			t.Errorf("%s: %v", products, err)
			continue
		}
		if p := got.Days()[0].Products; fmt.Sprint(p) != want || p == nil {
			t.Errorf("%s became %v, want %s", products, p, want)
		}
	}
}

func TestConsumptionThatCannotBeRightIsRefused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`:                         "total_acus is missing",
		`{"consumption_by_date":[]}`: "total_acus is missing",
		answerOf("null"):             "total_acus is missing",
		`{"total_acus":1}`:           "consumption_by_date is missing",
		`{"total_acus":1,"consumption_by_date":null}`:                                 "consumption_by_date is missing",
		answerOf("1", `{"acus":1,"acus_by_product":{}}`):                              "consumption_by_date[0].date is missing",
		answerOf("1", day(dec05, "1"), `{"date":null,"acus":1}`):                      "consumption_by_date[1].date is missing",
		answerOf("1", `{"date":1764921600,"acus_by_product":{}}`):                     "consumption_by_date[0].acus is missing",
		answerOf("1", day(dec05, "null")):                                             "consumption_by_date[0].acus is missing",
		answerOf("1", `null`):                                                         "consumption_by_date[0].date is missing",
		answerOf(`"1"`):                                                               "total_acus is a JSON string",
		answerOf("1e999"):                                                             "total_acus: value out of range",
		`{"total_acus":1,"consumption_by_date":{"2025-12-05":1}}`:                     "consumption_by_date is a JSON ",
		answerOf("1", `{"date":1764921600,"acus":"1"}`):                               "acus is a JSON string",
		answerOf("1", `{"date":1764921600,"acus":1,"acus_by_product":{"devin":"1"}}`): "acus_by_product",
		answerOf("1", `{"date":1764921600,"acus":1,"acus_by_product":[1]}`):           "acus_by_product",
		answerOf("1", `{"date":"2025-12-05","acus":1}`):                               `"2025-12-05" is not an integer`,
		answerOf("1", `{"date":1764921600.5,"acus":1}`):                               "1764921600.5 is not an integer",
		answerOf("1", `{"date":9007199254740993,"acus":1}`):                           "9007199254740993 is not an integer",
		answerOf("1", day(dec05*1000, "1")):                                           "1764921600000, read as Unix seconds",
		answerOf("1", day(0, "1")):                                                    "0, read as Unix seconds",
		answerOf("1", day(-dec05, "1")):                                               "-1764921600, read as Unix seconds",
		answerOf("2", day(dec05, "1"), day(dec05, "1")):                               "2025-12-05 twice",
		answerOf("2", day(dec05, "1"), day(dec06, "1"), day(dec05, "2")):              "2025-12-05 twice",
		answerOf("2", day(dec05, "1"), day(dec05-8*3600, "1")):                        "2025-12-05 twice",
	} {
		got, err := consumptionOf(t, body)
		var failure *Error
		if got != nil || !errors.As(err, &failure) || !isOnly(err, ErrNotDevin) || failure.Status != 200 ||
			failure.Permission != ConsumptionPermission || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gave %+v, %v; want %q", body, got, err, want)
		}
	}
}

func TestATotalThatIsNotTheSumOfItsDaysIsNoticed(t *testing.T) {
	t.Parallel()
	const totals, window = "Devin's numbers do not add up: ", "Devin answers for another time: "
	for body, want := range map[string]struct {
		total  float64
		days   int
		notice string
	}{
		answerOf("12"): {12, 0, totals + "total_acus is 12, and the 0 days in consumption_by_date add up to 0"},
		answerOf("0", day(dec05, "0.1"), day(dec06, "0.2")): {0, 2, totals + "total_acus is 0, and the 2 days in consumption_by_date add up to 0.3"},
		answerOf("12", day(dec05, "0")):                     {12, 1, totals + "total_acus is 12, and the 1 days in consumption_by_date add up to 0"},
		answerOf("98", day(dec05, "100")):                   {98, 1, totals + "total_acus is 98, and the 1 days in consumption_by_date add up to 100"},
		answerOf("-100", day(dec05, "100")):                 {-100, 1, totals + "total_acus is -100, and the 1 days in consumption_by_date add up to 100"},
		// The day outside the window is dropped, and the total is that of the others.
		answerOf("12", day(dec04, "9"), day(dec05, "1")): {1, 1, totals + "total_acus is 12, and the 2 days in consumption_by_date add up to 10"},
		// Days of another year, as a wrong timestamp gives them.
		answerOf("73", day(dec05-365*86400, "70"), day(dec06-365*86400, "3")): {73, 0, window +
			"total_acus is 73, and none of the days in consumption_by_date, from 2024-12-05 to 2024-12-06, lies in the window 2025-12-05 to 2025-12-09; the total is shown as it is, and no day"},
		answerOf("0", day(dec05-365*86400, "0")): {0, 0, ""},
		// The total is the window's, although another day came with it.
		answerOf("0.3", day(dec05, "0.1"), day(dec06, "0.2"), day(dec10, "9")): {0.3, 2, ""},
		// A bound that Devin includes.
		answerOf("9", day(dec10, "9")): {0, 0, ""},
		answerOf("9", day(dec04, "9")): {0, 0, ""},
		// Rounding.
		answerOf("1.01", day(dec05, "1")): {1.01, 1, ""},
		answerOf("1", strings.Replace(day(dec05, "1"), `"devin":1`, `"devin":0.5,"cascade":0.51,"terminal":0`, 1)): {1, 1, ""},
		// Products that are more than the day, and one that may stand beside it.
		answerOf("3", day(dec05, "2"), strings.Replace(day(dec06, "1"), `"devin":1`, `"devin":1,"cascade":49`, 1)): {3, 2, totals + "acus of 2025-12-06 is 1, and its products add up to 50"},
		answerOf("1", strings.Replace(day(dec05, "1"), `"devin":1`, `"devin":1,"review":49`, 1)):                   {1, 1, ""},
		answerOf("5", strings.Replace(day(dec05, "5"), `"devin":5`, `"devin":1`, 1)):                               {5, 1, ""},
	} {
		c := serveOne(t, body)
		notices, err := noticed(t, func(ctx context.Context) error {
			got, err := c.UserDailyConsumption(ctx, "a", Window{mustDay(t, "2025-12-05"), mustDay(t, "2025-12-09")})
			if err == nil && (got.TotalACUs != want.total || got.NumDays() != want.days) {
				t.Errorf("%s gave %+v", body, got)
			}
			return err
		})
		if err != nil || strings.Join(notices, "\n") != want.notice {
			t.Errorf("%s: %q, %v; want %q", body, notices, err, want.notice)
		}
	}
}

func TestACUsAreAddedAsDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		acus []float64
		want float64
	}{
		{nil, 0},
		{[]float64{0.1, 0.2}, 0.3},
		{[]float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 1},
		{[]float64{1e16, 1, -1e16}, 1},
		{[]float64{0.1, 1e-18}, 0.1},
		{[]float64{1.1, 2.2, -3.3}, 0},
		{[]float64{math.MaxFloat64}, math.MaxFloat64},
	} {
		if got := SumACUs(c.acus); got != c.want {
			t.Errorf("SumACUs(%v) = %v, want %v", c.acus, got, c.want)
		}
	}
	// The order does not matter, and nothing is lost over many numbers.
	rng := rand.New(rand.NewPCG(1, 2))
	var acus []float64
	hundredths := 0
	for range 10_000 {
		n := rng.IntN(100_000)
		hundredths += n
		acus = append(acus, float64(n)/100)
	}
	for range 5 {
		if got, want := SumACUs(acus), float64(hundredths)/100; got != want {
			t.Errorf("the sum is %v, want %v", got, want)
		}
		rng.Shuffle(len(acus), func(i, j int) { acus[i], acus[j] = acus[j], acus[i] })
	}
}
