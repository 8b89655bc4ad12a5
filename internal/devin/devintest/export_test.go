package devintest

import "strconv"

// Kept is how many lists of sessions are kept.
func (s *Server) Kept() int { return len(s.company.kept.lists) }

// KeptAfter is how many of so many lists of a size are kept.
func KeptAfter(lists, size int) int {
	var k keptLists
	for i := range lists {
		k.get(strconv.Itoa(i), func() *list { return &list{text: make([]byte, size)} })
	}
	return len(k.lists)
}
