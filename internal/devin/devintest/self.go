package devintest

func (c *call) self() answer {
	p := c.principal
	if p.Self != "" {
		return c.ok([]byte(p.Self))
	}
	shown := map[string]any{"org_id": pointer(p.OrgID)}
	if p.Type == "pat_user" {
		shown["principal_type"], shown["user_id"], shown["user_name"] = p.Type, p.ID, p.Name
		shown["api_key_id"], shown["api_key_name"] = p.APIKeyID, p.APIKeyName
	} else {
		shown["principal_type"], shown["service_user_id"], shown["service_user_name"] = "service_user", p.ID, p.Name
	}
	return c.answerJSON(shown)
}
