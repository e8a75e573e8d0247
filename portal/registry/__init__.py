"""Treatment episodes and assessments: dictionary, rules, entry, import and a programme's own live figures."""
