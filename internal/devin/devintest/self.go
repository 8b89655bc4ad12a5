package devintest

func (c *call) self() answer {
	p := c.principal
	b := buffer()
	switch {
	case p.Self != "":
		b = append(b, p.Self...)
		return c.ok(b)
	case p.Type == "pat_user":
		b = append(b, `{"principal_type":"pat_user","user_id":`...)
		b = appendString(b, p.ID)
		b = append(b, `,"user_name":`...)
		b = appendString(b, p.Name)
		b = append(b, `,"api_key_id":`...)
		b = appendString(b, p.APIKeyID)
		b = append(b, `,"api_key_name":`...)
		b = appendString(b, p.APIKeyName)
	default:
		b = append(b, `{"principal_type":"service_user","service_user_id":`...)
		b = appendString(b, p.ID)
		b = append(b, `,"service_user_name":`...)
		b = appendString(b, p.Name)
	}
	b = append(b, `,"org_id":`...)
	return c.ok(append(appendNullable(b, p.OrgID), '}'))
}
