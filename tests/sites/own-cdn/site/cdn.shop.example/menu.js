document.cookie = "menu_visitor=1; domain=shop.example; path=/; secure";
