"""What the product withstands: ``make faults`` runs it whole, ``make test`` in short."""
