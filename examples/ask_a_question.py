"""Ask a question of the library, and read its rows as dictionaries."""

import bempeg_kg

kg = bempeg_kg.open()
for row in kg.ask("programme-trials"):
    print(row)

print()
for question in kg.questions:
    print(f"{question.name:30} {question.summary}")
