"""What every feature may use: errors, database, permissions, audit, languages, jobs, forms. Knows no feature."""
