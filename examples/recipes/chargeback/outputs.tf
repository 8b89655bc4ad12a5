output "charges" {
  description = "ACUs and what they cost, by tag or repository. (rest) is sessions with none, (no session) is what no session consumed."
  value = {
    for account, acus in merge(local.charged, { "(no session)" = local.no_session }) : account => {
      acus = provider::devin::round(acus, 2)
      cost = provider::devin::round(acus * var.acu_price, 2)
    }
  }
}

output "total_acus" {
  description = "ACUs that the enterprise consumed in the window: the sum of all charges before they are rounded."
  value       = provider::devin::round(local.enterprise, 2)
}
