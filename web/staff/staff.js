// What makes the staff page more comfortable with JavaScript; without it all works by plain forms.
