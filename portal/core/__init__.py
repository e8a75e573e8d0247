"""What every feature may use: database, permissions, audit, languages, jobs, forms. Knows no feature."""
