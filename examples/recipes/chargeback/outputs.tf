output "charges" {
  description = "ACUs and their price by tag or repository. (rest) is sessions with none, (no session) is what no session consumed."
  value = {
    for account, acus in merge(local.charged, { "(no session)" = local.no_session }) : account => {
      acus = provider::devin::round(acus, 2)
      cost = provider::devin::round(acus * var.acu_price, 2)
    }
  }
}

output "total_acus" {
  description = "What the enterprise consumed in the window: the sum of all charges."
  value       = provider::devin::round(local.enterprise, 2)
}
