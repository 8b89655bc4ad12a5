package devintest

// Kept is how many lists of sessions are kept.
func (s *Server) Kept() int { return len(s.company.kept.lists) }
