output "group" {
  description = "The group of one host."
  value       = aws_autoscaling_group.this
}

output "template" {
  description = "What the host is made of."
  value       = aws_launch_template.this
}

output "settings" {
  description = "What the host is told."
  value       = local.settings
}

output "ingress_rules" {
  description = "What this part lets in: the job at the brokers, nothing at the host."
  value       = [aws_vpc_security_group_ingress_rule.kafka]
}

output "policies" {
  description = "Every policy of this part, as JSON."
  value       = [aws_iam_role_policy.this.policy]
}

output "boundaries" {
  description = "The permissions boundary of each role of this part."
  value       = [aws_iam_role.this.permissions_boundary]
}
