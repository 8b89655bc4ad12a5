# Numbers and names as they stand on the page.

locals {
  # Every number that needs its thousands apart, as text. A map, because
  # Terraform has no functions of one's own.
  grouped = {
    for text in distinct(concat(
      [for row in local.rows : format("%.2f", row.acus)],
      [for row in local.rows : format("%.2f", row.acus * var.acu_price)],
      [for v in local.values : format("%.2f", v.acus)],
      [format("%.2f", local.per_day), format("%.2f", var.acu_price)],
      concat(local.ticks.acus, local.ticks.prs)[*].text,
      [for count in concat(local.top_users[*].prs_created, local.top_users[*].prs_merged, local.counts) : tostring(count)],
    )) :
    # Each pass sets one comma, from the right; three are enough for a trillion.
    text => replace(replace(replace(text, local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3"), local.thousands, "$1,$2$3")
  }
  thousands = "/^(-?[0-9]+)([0-9]{3})([^0-9]|$)/"
  per_day   = local.totals.acus / length(local.dates)
  counts = [
    local.totals.members, local.totals.active_members, local.other_members, length(local.dates),
    local.totals.prs_created, local.totals.prs_merged, local.totals.prs_closed, local.totals.prs_open,
  ]

  # Every text that is not this recipe's own, safe to stand in HTML, between
  # tags and in attributes. The ampersand goes first, or it would be escaped twice.
  escaped = {
    for text in distinct(concat([var.title, var.currency], local.rows[*].label, local.rows[*].note)) : text =>
    replace(replace(replace(replace(replace(replace(text,
    "/[[:cntrl:]]/", " "), "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), "\"", "&quot;"), "'", "&#39;")
  }

  figures = {
    window = join(" – ", distinct([
      # The year once, where both days are of the same.
      formatdate(substr(local.totals.start_date, 0, 4) == substr(local.totals.end_date, 0, 4) && local.totals.start_date != local.totals.end_date ? "D MMM" : "D MMM YYYY", "${local.totals.start_date}T00:00:00Z"),
      formatdate("D MMM YYYY", "${local.totals.end_date}T00:00:00Z"),
    ]))
    days        = local.grouped[length(local.dates)]
    acus        = local.grouped[format("%.2f", local.totals.acus)]
    per_day     = local.grouped[format("%.2f", local.per_day)]
    cost        = "${local.escaped[var.currency]}${local.grouped[format("%.2f", local.totals.cost)]}"
    price       = "${local.escaped[var.currency]}${local.grouped[format("%.2f", var.acu_price)]}"
    members     = local.grouped[local.totals.members]
    active      = local.grouped[local.totals.active_members]
    active_rate = local.totals.members > 0 ? "${format("%.0f", 100 * local.totals.active_members / local.totals.members)} % of all members" : "nobody is a member"
    created     = local.grouped[local.totals.prs_created]
    merged      = local.grouped[local.totals.prs_merged]
    closed      = local.grouped[local.totals.prs_closed]
    open        = local.grouped[local.totals.prs_open]
    # Null where nothing was created.
    merge_rate = try(format("%.1f %%", 100 * local.totals.merge_rate), null)
  }

  rows = concat(
    [
      for user in local.top_users : {
        kind  = "user", acus = user.acus, active_days = user.active_days, created = user.prs_created, merged = user.prs_merged
        label = coalesce(user.name, user.email, user.user_id)
        note  = user.name == null || user.email == null ? "" : user.email
      }
    ],
    local.other_members == 0 ? [] : [{
      kind  = "rest", acus = local.other_acus, active_days = null, created = null, merged = null
      label = ""
      note  = ""
    }],
    [
      {
        kind  = "unattributed", acus = local.totals.unattributed_acus, active_days = null, created = null, merged = null
        label = "Not tied to a member"
        note  = "service users, people who left, products without a user"
      },
      {
        kind  = "total", acus = local.totals.acus, active_days = null, created = local.totals.prs_created, merged = local.totals.prs_merged
        label = "Enterprise"
        note  = ""
      },
    ],
  )

  others = "${local.grouped[local.other_members]}${length(local.top) > 0 ? " other" : ""} member${local.other_members == 1 ? "" : "s"}"

  table = [
    for row in local.rows : {
      kind = row.kind
      # An address that does not fit in a line breaks before its @.
      label = row.kind == "rest" ? local.others : replace(local.escaped[row.label], "@", "<wbr/>@")
      note  = replace(local.escaped[row.note], "@", "<wbr/>@")
      acus  = local.grouped[format("%.2f", row.acus)]
      cost  = "${local.escaped[var.currency]}${local.grouped[format("%.2f", row.acus * var.acu_price)]}"
      share = local.totals.acus > 0 ? format("%.1f %%", 100 * row.acus / local.totals.acus) : "–"
      days  = row.active_days == null ? "" : tostring(row.active_days)
      prs   = row.created == null ? "" : "${local.grouped[row.merged]} of ${local.grouped[row.created]}"
      # Bars compare users with the first of them.
      bar = row.kind == "user" ? format("%.2f", 100 * row.acus / local.rows[0].acus) : null
    }
  ]
}
