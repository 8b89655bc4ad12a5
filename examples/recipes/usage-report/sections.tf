# The numbers at the top, and the tables. Numbers stand here as plain text; page.tf
# sets their thousands apart. What people or Devin have named is made safe for HTML.

locals {
  # Every text that is not this recipe's own, safe between tags and in attributes.
  # Control characters go, and so do those that turn the direction of text. The
  # ampersand goes first, or it would be escaped twice.
  escaped = {
    for text in distinct(concat(
      [var.title, var.currency, ""], local.users[*].user_id, compact(local.users[*].email), compact(local.users[*].name),
      keys(local.teams), local.place_names, local.service_names, local.category_names, local.product_names,
    )) : text =>
    replace(replace(replace(replace(replace(replace(replace(text,
    "/[[:cntrl:]]/", " "), "/[\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}\\x{200E}\\x{200F}\\x{061C}]/", ""), "&", "&amp;"), "<", "&lt;"), ">", "&gt;"), "\"", "&quot;"), "'", "&#39;")
  }
  currency = local.escaped[var.currency]

  place_names    = local.organizations == null ? [] : [for org in local.organizations.organizations : coalesce(org.name, org.org_id)]
  categories     = try(data.devin_session_categories.all[0].categories, [])
  category_names = local.categories[*].category
  service_names  = local.service_users == null ? [] : [for user in local.service_users.service_users : coalesce(user.name, user.service_user_id)]
  product_names  = local.enterprise == null ? [] : keys(local.enterprise.acus_by_product)

  # What to do where the key may not read.
  needs = {
    consumption   = "The key may not read consumption. Grant its service user <code>ViewAccountConsumption</code> (older name <code>ManageBilling</code>), and apply again."
    members       = "The key may not list members. Grant its service user <code>ViewAccountMembership</code> (older name <code>ManageAccountMembership</code>), and apply again."
    metrics       = "The key may not read metrics. Grant its service user <code>ViewAccountMetrics</code>, and apply again."
    organizations = "The key may not list organizations. Grant its service user <code>ManageOrganizations</code>, and apply again."
    window        = "The key may not read billing cycles, which say where a window begins. Set <code>start_date</code>, and apply again."
  }
  missing = {
    for what, may in local.may : what => may ? (local.has_window ? null : local.needs.window) :
    what == "organizations" && !local.may.consumption ? local.needs.consumption : local.needs[what]
  }

  # Each number with how it differs from the window before.
  headlines = [
    { id = "acus", label = "ACUs", now = local.totals.acus, before = local.earlier.acus, digits = 2, unit = "", lead = true, aside = local.totals.acus == null ? "" : "${format("%.2f", local.totals.acus / length(local.dates))} a day" },
    { id = "cost", label = "Cost", now = local.totals.cost, before = local.earlier.cost, digits = 2, unit = local.currency, lead = true, aside = "at ${local.currency}${format("%.2f", var.acu_price)} an ACU" },
    { id = "active-users", label = "Active users", now = local.totals.active_users, before = local.earlier.active_users, digits = 0, unit = "", lead = false, aside = local.totals.members == null ? "" : "of ${local.totals.members} members" },
    { id = "sessions", label = "Sessions", now = local.totals.sessions, before = local.earlier.sessions, digits = 0, unit = "", lead = false, aside = "" },
    { id = "prs-created", label = "Pull requests", now = local.totals.prs_created, before = local.earlier.prs_created, digits = 0, unit = "", lead = false, aside = "created by Devin" },
  ]
  raw_figures = concat([
    for f in local.headlines : {
      id    = f.id, label = f.label, lead = f.lead, aside = f.aside, unit = f.unit
      value = f.now == null ? null : format("%.${f.digits}f", f.now)
      delta = f.now == null || f.before == null ? null : f.before == 0 ? "none before" : "${format("%+.1f", 100 * (f.now - f.before) / f.before)}% on ${f.unit}"
      # Apart, since its thousands are to be set apart too.
      than = f.now == null || coalesce(f.before, 0) == 0 ? null : format("%.${f.digits}f", f.before)
    }
    ], [{
      id    = "merge-rate", label = "Merge rate", lead = false, unit = ""
      value = local.totals.merge_rate == null ? null : "${format("%.1f", 100 * local.totals.merge_rate)}%"
      aside = local.totals.merge_rate == null && local.totals.prs_created != null ? "none was created" : "merged of created"
      delta = local.totals.merge_rate == null || local.earlier.merge_rate == null ? null : "${format("%+.1f", 100 * (local.totals.merge_rate - local.earlier.merge_rate))} points on"
      than  = local.totals.merge_rate == null || local.earlier.merge_rate == null ? null : "${format("%.1f", 100 * local.earlier.merge_rate)}%"
  }])

  percent_of = "%.1f%%"

  member_rows = concat(
    [
      for user in local.top_users : {
        kind  = "user", acus = user.acus, days = tostring(user.active_days)
        label = local.escaped[coalesce(user.name, user.email, user.user_id)]
        note  = user.name == null || user.email == null ? "" : local.escaped[user.email]
        prs   = user.prs_created == null ? "" : "${user.prs_merged} of ${user.prs_created}"
      }
    ],
    local.other_members == 0 ? [] : [{
      kind  = "rest", acus = local.other_acus, days = "", note = "", prs = ""
      label = "${local.other_members}${length(local.top) > 0 ? " other" : ""} member${local.other_members == 1 ? "" : "s"}"
    }],
    local.consumption == null ? [] : [
      {
        kind  = "unattributed", acus = local.totals.unattributed_acus, days = "", prs = ""
        label = "Not tied to a member", note = "service users, people who left, products without a user"
      },
      {
        kind = "total", acus = local.totals.acus, days = "", note = "", label = "Enterprise"
        prs  = local.totals.prs_created == null ? "" : "${local.totals.prs_merged} of ${local.totals.prs_created}"
      },
    ],
  )
  raw_users = [
    for row in local.member_rows : {
      kind  = row.kind, note = row.note, days = row.days, prs = row.prs, label = row.label
      acus  = format("%.2f", row.acus)
      cost  = format("%.2f", row.acus * var.acu_price)
      share = local.totals.acus > 0 ? format(local.percent_of, 100 * row.acus / local.totals.acus) : "–"
      # Bars compare users with the first of them.
      bar = row.kind == "user" ? format("%.2f", 100 * row.acus / local.member_rows[0].acus) : null
    }
  ]

  # Small tables: a name and some numbers in each row.
  raw_tables = {
    where = {
      heading = "Where the ACUs went", columns = ["Used by", "ACUs", "Share"], empty = local.missing.consumption != null ? local.missing.consumption : local.missing.members
      rows = local.consumption == null ? [] : [
        for part in [["Members", local.totals.members_acus], ["Service users", local.service_users.total_acus], ["Nobody", local.rest_acus]] :
        [part[0], format("%.2f", part[1]), local.totals.acus > 0 ? format(local.percent_of, 100 * part[1] / local.totals.acus) : "–"]
      ]
      note = "Nobody is people who left, and products that are tied to nobody."
    }
    products = {
      heading = "ACUs by product", columns = ["Product", "ACUs", "Share"], empty = local.missing.consumption, note = ""
      rows = local.enterprise == null ? [] : [
        for product, acus in local.enterprise.acus_by_product :
        [local.escaped[product], format("%.2f", acus), local.totals.acus > 0 ? format(local.percent_of, 100 * acus / local.totals.acus) : "–"]
      ]
    }
    organizations = {
      heading = "Organizations", columns = ["Organization", "ACUs", "Share"], empty = local.missing.organizations
      rows = local.organizations == null ? [] : [
        for org in local.organizations.organizations : [local.escaped[coalesce(org.name, org.org_id)], format("%.2f", org.total_acus), format(local.percent_of, local.totals.acus > 0 ? 100 * org.total_acus / local.totals.acus : 0)] if org.total_acus != null
      ]
      note = local.organizations == null ? "" : "${format("%.2f", local.organizations.unattributed_acus)} ACUs are tied to no organization."
    }
    service_users = {
      heading = "Service users", columns = ["Service user", "ACUs", "Share"], empty = local.missing.consumption != null ? local.missing.consumption : local.missing.members
      rows = local.service_users == null ? [] : [
        for user in local.service_users.service_users : [local.escaped[coalesce(user.name, user.service_user_id)], format("%.2f", user.total_acus), format(local.percent_of, local.totals.acus > 0 ? 100 * user.total_acus / local.totals.acus : 0)] if coalesce(user.total_acus, 0) > 0
      ]
      note = ""
    }
    distribution = {
      heading = "How much members used", columns = ["ACUs", "Members", "Share"], empty = local.missing.consumption != null ? local.missing.consumption : local.missing.members
      rows = length(local.users) == 0 ? [] : [
        for part in local.distribution : [
          part.from < 0 ? "none" : part.to == null ? "more than ${part.from}" : part.from == 0 ? "up to ${part.to}" : "${part.from} to ${part.to}",
          tostring(part.count), format(local.percent_of, 100 * part.count / length(local.users)),
        ]
      ]
      note = ""
    }
    teams = {
      heading = "Teams", columns = ["IdP group", "ACUs", "Members"], empty = local.missing.consumption != null ? local.missing.consumption : local.missing.members
      rows    = [for group, team in local.teams : [local.escaped[group], format("%.2f", team.acus), tostring(team.members)]]
      note    = "Somebody in two groups counts in both."
    }
    categories = {
      heading = "What sessions were about", columns = ["Category", "ACUs", "Sessions"], empty = local.missing.metrics, note = ""
      rows    = [for c in local.categories : [replace(local.escaped[c.category], "_", " "), format("%.2f", c.acus), tostring(c.sessions_count)]]
    }
  }
}
