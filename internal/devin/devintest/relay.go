package devintest

import (
	"context"
	"net"
	"net/url"
	"sync"
)

// Relay is a TCP relay in front of a fake. It stands for the path to it, which
// can die without either end being told.
type Relay struct {
	// URL is the fake's as it is reached through the relay.
	URL string

	listener net.Listener
	target   string

	mu     sync.Mutex
	open   map[*relayed]bool
	opened int
	closed bool
	ended  sync.WaitGroup
}

// relayed is a connection through the relay: what is between the client and the
// relay, and between the relay and the fake.
type relayed struct {
	near, far net.Conn
	// dead is guarded by the relay's mutex.
	dead bool
}

// StartRelay makes a relay in front of a fake that Start or StartTLS serves. It
// is closed when the test ends.
func StartRelay(t TB, s *Server) *Relay {
	t.Helper()
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r := &Relay{target: at.Host, open: map[*relayed]bool{}}
	if r.listener, err = new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatalf("%v", err)
	}
	at.Host = r.listener.Addr().String()
	r.URL = at.String()
	r.ended.Go(r.accept)
	t.Cleanup(r.Close)
	return r
}

// Swallow lets the connections that are open now die silently: what either end
// sends vanishes, and neither sees the connection end. New ones are forwarded.
func (r *Relay) Swallow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.open {
		c.dead = true
	}
}

// Connections is how many connections were opened through the relay.
func (r *Relay) Connections() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.opened
}

// Close ends all connections.
func (r *Relay) Close() {
	r.mu.Lock()
	r.closed = true
	_ = r.listener.Close()
	for c := range r.open {
		_, _ = c.near.Close(), c.far.Close()
	}
	r.mu.Unlock()
	r.ended.Wait()
}

func (r *Relay) accept() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		far, err := new(net.Dialer).DialContext(context.Background(), "tcp", r.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		c := &relayed{near: near, far: far}
		r.mu.Lock()
		if r.closed {
			r.mu.Unlock()
			_, _ = near.Close(), far.Close()
			return
		}
		r.open[c] = true
		r.opened++
		r.mu.Unlock()
		r.ended.Go(func() { r.forward(c, c.far, c.near) })
		r.ended.Go(func() { r.forward(c, c.near, c.far) })
	}
}

// forward copies what comes from one end to the other, until the connection dies.
func (r *Relay) forward(c *relayed, to, from net.Conn) {
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		r.mu.Lock()
		dead := c.dead && !r.closed
		if err != nil && !dead {
			delete(r.open, c)
		}
		r.mu.Unlock()
		switch {
		case err != nil && dead:
			// The other end is not told.
			return
		case err != nil:
			_, _ = c.near.Close(), c.far.Close()
			return
		case dead:
			continue
		}
		if _, err := to.Write(b[:n]); err != nil {
			// The next read fails as well.
			_ = from.Close()
		}
	}
}
