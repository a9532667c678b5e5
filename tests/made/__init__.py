"""Adapters made by the real PEFT, good ones and ones with one defect."""
