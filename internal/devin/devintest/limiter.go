package devintest

import (
	"sync"
	"time"
)

// limiter counts requests by minutes of the clock, as gateways do that allow a
// number of requests per minute.
type limiter struct {
	mu     sync.Mutex
	minute time.Time
	count  int
}

func (l *limiter) admits(perMinute int, now time.Time) bool {
	if perMinute <= 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute, l.count = minute, 0
	}
	l.count++
	return l.count <= perMinute
}
