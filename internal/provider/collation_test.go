package provider

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func TestTextsAreInTheOrderOfTheAlphabet(t *testing.T) {
	t.Parallel()
	names := []string{
		"", "(none)", "7 of 9", "Anders", "anders", "Änders", "anna", "Anna B", "Émile", "émile", "Emily", "jose", "José", "Łukasz", "Östen", "Zoe", "Ωmega", "Яна", "三",
	}
	by := orders[string]{"name": func(name string) sortKey { return byText(&name) }}
	m := order("name", 0)
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		shuffled := slices.Clone(names)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		got := sortAndCut(&m, by, shuffled)
		// What differs in case only stays in its usual order.
		for _, pair := range [][2]string{{"Anders", "anders"}, {"Émile", "émile"}} {
			if slices.Index(shuffled, pair[0]) > slices.Index(shuffled, pair[1]) {
				i := slices.Index(got, pair[1])
				if got[i+1] != pair[0] {
					t.Fatalf("%s does not stand behind %s: %q", pair[0], pair[1], got)
				}
				got[i], got[i+1] = got[i+1], got[i]
			}
		}
		if !slices.Equal(got, names) {
			t.Fatalf("got  %q\nwant %q", got, names)
		}
	}
}

// Terraform reads several data sources at once.
func TestCollationKeysAreTheSameFromAllGoroutines(t *testing.T) {
	t.Parallel()
	want := collationKey("Émile Zola")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if collationKey("三") == want || collationKey("émile zola") != want {
					t.Error("another key")
					return
				}
			}
		})
	}
	group.Wait()
}

// BenchmarkOrderByName sorts 50,000 members by name.
func BenchmarkOrderByName(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	names := make([]string, 50_000)
	for i := range names {
		first := []string{"Ann", "Émile", "Zoe", "Östen", "jiwoo", "Thandiwe", "Łukasz", "Rahul"}[random.IntN(8)]
		names[i] = fmt.Sprintf("%s %c%x", first, 'A'+random.IntN(26), random.Uint32())
	}
	by := orders[string]{"name": func(name string) sortKey { return byText(&name) }}
	m := order("name", 0)
	b.ReportAllocs()
	for b.Loop() {
		sortAndCut(&m, by, names)
	}
}
