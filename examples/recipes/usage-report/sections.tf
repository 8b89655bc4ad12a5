# The numbers at the top, and the tables. number.tftpl formats every number, and text.tftpl
# escapes every name for HTML.

locals {
  number   = "${path.module}/number.tftpl"
  text     = "${path.module}/text.tftpl"
  currency = templatefile(local.text, { text = var.currency })
  whole    = local.totals.acus == null ? 0 : local.totals.acus

  # Each number, with its difference from the window before. A number that the key may not
  # read is left out.
  headlines = [
    { id = "acus", label = "ACUs", now = local.totals.acus, before = local.earlier.acus, unit = "", digits = 2, aside = local.each_day == null ? "" : "${templatefile(local.number, { value = local.each_day, digits = 2 })} a day" },
    { id = "cost", label = "Cost", now = local.totals.cost, before = null, unit = local.currency, digits = 2, aside = "at ${local.currency}${templatefile(local.number, { value = var.acu_price, digits = 2 })} an ACU" },
    { id = "active-users", label = "Active users", now = local.totals.active_users, before = local.earlier.active_users, unit = "", digits = 0, aside = local.totals.members == null ? "" : "${templatefile(local.number, { value = local.totals.members, digits = 0 })} member${local.totals.members == 1 ? "" : "s"} today" },
    { id = "members", label = "Members", now = local.may.metrics ? null : local.totals.members, before = null, unit = "", digits = 0, aside = "today" },
    { id = "sessions", label = "Sessions", now = local.totals.sessions, before = local.earlier.sessions, unit = "", digits = 0, aside = "" },
    { id = "prs-created", label = "Pull requests", now = local.totals.prs_created, before = local.earlier.prs_created, unit = "", digits = 0, aside = "created by Devin" },
    { id = "merge-rate", label = "Merged so far", now = try(coalesce(local.totals.merge_rate * 100), local.may.metrics ? 0 : null), before = null, unit = "", digits = 1, aside = local.totals.merge_rate == null ? "none was created" : "of the pull requests" },
  ]
  figures = [
    for f in local.headlines : merge(f, {
      # For thousands, only the table shows cents.
      value  = f.id == "merge-rate" ? (local.totals.merge_rate == null ? "–" : "${templatefile(local.number, { value = f.now, digits = 1 })}%") : "${f.unit}${templatefile(local.number, { value = f.now, digits = f.now < 1000 ? f.digits : 0 })}"
      change = f.before == null ? "" : f.before == 0 ? "none before" : f.before == f.now ? "unchanged" : "${f.now > f.before ? "+" : ""}${templatefile(local.number, { value = 100 * (f.now - f.before) / f.before, digits = 1 })}% from ${templatefile(local.number, { value = f.before, digits = f.before < 1000 ? f.digits : 0 })}"
    }) if f.now != null
  ]

  # The people, and all other use in one row. The last row is the sum of the others.
  other_members = length(local.users) - length(local.top)
  people = local.consumption == null ? [] : [
    for row in concat(
      [
        for user in local.top_users : {
          kind = "user", acus = user.acus, days = user.active_days
          # An address that does not fit in a line breaks before its @, and an id before its |.
          name = replace(templatefile(local.text, { text = coalesce(user.name, user.email, user.user_id) }), "/[@|]/", "<wbr/>$0")
          note = user.name == null || user.email == null ? "" : replace(templatefile(local.text, { text = user.email }), "@", "<wbr/>@")
          prs  = user.prs_created == null ? "" : user.prs_created == 0 ? "0" : "${templatefile(local.number, { value = user.prs_merged, digits = 0 })} of ${templatefile(local.number, { value = user.prs_created, digits = 0 })}"
        }
      ],
      [
        for count in [local.other_members] : {
          kind = "rest", acus = local.totals.members_acus - sum(concat([0], local.top[*].total_acus)), days = null, note = "", prs = ""
          name = "${templatefile(local.number, { value = count, digits = 0 })}${length(local.top) > 0 ? " other" : ""} member${count == 1 ? "" : "s"}"
        } if count > 0
      ],
      [
        for acus in [local.totals.unattributed_acus] : {
          kind = "unattributed", acus = acus, days = null, prs = ""
          name = "Not tied to a member", note = "service users, people who left, products without a user"
        } if abs(acus) >= 0.005
      ],
      [{
        kind = "total", acus = local.totals.acus, days = null, name = "Enterprise", note = ""
        prs  = local.totals.prs_created == null ? "" : "${templatefile(local.number, { value = local.totals.prs_merged, digits = 0 })} of ${templatefile(local.number, { value = local.totals.prs_created, digits = 0 })}"
      }],
      ) : merge(row, {
        acus = templatefile(local.number, { value = row.acus, digits = 2 })
        cost = "${local.currency}${templatefile(local.number, { value = row.acus * var.acu_price, digits = 2 })}"
        part = local.whole > 0 ? 100 * row.acus / local.whole : null
    })
  ]
  top_part = local.whole > 0 ? 100 * sum(concat([0], local.top[*].total_acus)) / local.whole : 0

  product_names = { for product, acus in local.products : product => templatefile(local.text, { text = title(replace(product, "_", " ")) }) }

  # Small tables: a name, ACUs, and a count or else the share of all ACUs. These are
  # sorted by ACUs.
  lists = {
    products      = [for product, acus in local.products : { name = local.product_names[product], acus = acus, count = null }]
    organizations = [for org in try(local.organizations.organizations, []) : { name = templatefile(local.text, { text = coalesce(org.name, org.org_id) }), acus = org.total_acus, count = null } if coalesce(org.total_acus, 0) > 0]
    service_users = [for user in try(local.service_users.service_users, []) : { name = templatefile(local.text, { text = coalesce(user.name, user.service_user_id) }), acus = user.total_acus, count = null } if coalesce(user.total_acus, 0) > 0]
    teams         = [for group in local.teams : { name = templatefile(local.text, { text = group.idp_group_name }), acus = coalesce(group.total_acus, 0), count = group.users_count } if group.idp_group_name != null]
    categories    = [for c in local.categories : { name = templatefile(local.text, { text = "${upper(substr(c.category, 0, 1))}${replace(substr(c.category, 1, -1), "_", " ")}" }), acus = c.acus, count = c.sessions_count }]
  }
  # Terraform sorts only strings, so each row becomes a string that sorts by its ACUs and
  # ends with its index in the list, counted backwards.
  order = {
    for name, rows in local.lists : name => [
      for key in reverse(sort([for i, row in rows : format("%018.6f/%09d", row.acus, 999999999 - i)])) : 999999999 - tonumber(split("/", key)[1])
    ]
  }
  # The first ten rows, and one for all others. Teams have no sum, because they share
  # members.
  ranked = {
    for name, rows in local.lists : name => concat(
      [for i in slice(local.order[name], 0, min(10, length(rows))) : rows[i]],
      [
        for others in [[for i in slice(local.order[name], min(10, length(rows)), length(rows)) : rows[i]]] : {
          name = "${templatefile(local.number, { value = length(others), digits = 0 })} other${length(others) == 1 ? "" : "s"}"
          acus = sum(others[*].acus), count = try(sum(others[*].count), null)
        } if length(others) > 0 && name != "teams"
      ],
    )
  }

  tables = {
    for name, t in {
      where = {
        heading = "Where the ACUs went", columns = ["Used by", "ACUs", "Share"], may = local.may.people
        rows = local.consumption == null ? [] : [
          { name = "Members", acus = local.totals.members_acus, count = null },
          { name = "Service users", acus = local.service_users.total_acus, count = null },
        ]
        rest = { name = "Others", count = null }
        note = try(local.whole - local.totals.members_acus - local.service_users.total_acus, 0) < 0.005 ? "" : "Others are people who left, and products that are tied to no user."
      }
      products = {
        heading = "ACUs by product", columns = ["Product", "ACUs", "Share"], may = local.may.consumption
        rows    = local.ranked.products, rest = { name = "No product", count = null }, note = ""
      }
      organizations = {
        heading = "Organizations", columns = ["Organization", "ACUs", "Share"], may = local.may.organizations
        rows    = local.ranked.organizations, rest = { name = "No organization", count = null }, note = ""
      }
      service_users = {
        heading = "Service users", columns = ["Service user", "ACUs", "Share"], may = local.may.people
        rows    = local.ranked.service_users, rest = null, note = ""
      }
      distribution = {
        heading = "How much members used", columns = ["Use", "ACUs", "Members"], may = local.may.people
        rows = concat(
          [for group in local.groups : { name = group.name, acus = sum(group.acus), count = length(group.acus) } if length(group.acus) > 0],
          [for count in [length(local.users) - length(local.used)] : { name = "No consumption", acus = 0, count = count } if count > 0],
        )
        rest = null
        note = length(local.used) < 2 ? "" : "Of the members with consumption, the most active one used ${templatefile(local.number, { value = local.used[0], digits = 2 })} ACUs, and the median is ${templatefile(local.number, { value = local.used[local.half - 1], digits = 2 })}."
      }
      teams = {
        heading = "ACUs by IdP group", columns = ["Group", "ACUs", "Members"], may = length(local.lists.teams) > 0
        rows = concat(local.ranked.teams, [
          for group in local.teams : { name = "No group", acus = coalesce(group.total_acus, 0), count = group.users_count } if group.idp_group_name == null
        ])
        rest = null
        note = "Members of two groups count in both.${length(local.lists.teams) > 10 ? " These are the ten groups with the most ACUs." : ""}"
      }
      categories = {
        heading = "What sessions were about", columns = ["Category", "ACUs", "Sessions"], may = local.may.metrics
        rows    = local.ranked.categories, rest = { name = "Not from these sessions", count = null }, note = ""
      }
      } : name => !t.may ? "" : templatefile("${path.module}/table.html.tftpl", {
        id = name, heading = t.heading, columns = t.columns, note = length(t.rows) == 0 ? "" : t.note
        rows = [
          for row in concat([for row in t.rows : row if row.acus > 0 || row.count != null], [
            # What is left of the enterprise's ACUs.
            for acus in [local.whole - sum(concat([0], t.rows[*].acus))] : merge(t.rest, { acus = acus })
            if t.rest != null && length(t.rows) > 0 && acus >= 0.005
            ]) : {
            name = row.name
            acus = templatefile(local.number, { value = row.acus, digits = 2 })
            last = t.columns[2] == "Share" ? "${templatefile(local.number, { value = local.whole > 0 ? 100 * row.acus / local.whole : 0, digits = 1 })}%" : row.count == null ? "" : templatefile(local.number, { value = row.count, digits = 0 })
          }
        ]
    })
  }
}
