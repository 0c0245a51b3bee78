"""Recorded worlds asked again and graded: may we move to the next model, prompt or version?"""
