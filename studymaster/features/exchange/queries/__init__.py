"""What an import and an export read and write. The account comes first."""
